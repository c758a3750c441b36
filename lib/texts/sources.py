"""Every paper, program and page this app leans on, once.

A claim on a page carries its key; :func:`cite` and :func:`link` turn a key into words. To add a source, add an entry to
``_TABLE`` and what it is for to ``USES``. A work by people has the key family name + year, with a word between where
two would collide (``gao_condenser2021``); a work by an organisation has a name of its own
(``minilm_card``). Read a work before you cite it, and leave out what you could not confirm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True)
class Source:
    """One work.

    Attributes:
        key: its name in code.
        authors: all of them in the work's own order, people as "Family, Given", an organisation as its name.
        year: of the publication named in ``where``; of a program, of its first release.
        title: as printed.
        where: conference, journal, or the host of a page.
        link: to the work itself, https.
    """

    key: str
    authors: tuple[str, ...]
    year: int
    title: str
    where: str
    link: str

    @property
    def families(self) -> tuple[str, ...]:
        """The authors' family names; an organisation's whole name."""
        return tuple(author.split(",")[0] for author in self.authors)


_TABLE = (
    # BERT itself, and the question
    Source(
        "devlin2019",
        ("Devlin, Jacob", "Chang, Ming-Wei", "Lee, Kenton", "Toutanova, Kristina"),
        2019,
        "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding",
        "NAACL 2019",
        "https://arxiv.org/abs/1810.04805",
    ),
    Source(
        "google_bert",
        ("Google Research",),
        2018,
        "BERT: code and pre-trained models",
        "GitHub",
        "https://github.com/google-research/bert",
    ),
    Source(
        "stack_exchange",
        ("Data Science Stack Exchange",),
        2020,
        "What is purpose of the [CLS] token and why is its encoding output important?",
        "Data Science Stack Exchange",
        "https://datascience.stackexchange.com/questions/66207",
    ),
    Source(
        "alammar2019",
        ("Alammar, Jay",),
        2019,
        "A Visual Guide to Using BERT for the First Time",
        "jalammar.github.io",
        "https://jalammar.github.io/a-visual-guide-to-using-bert-for-the-first-time/",
    ),
    Source(
        "vaswani2017",
        (
            "Vaswani, Ashish",
            "Shazeer, Noam",
            "Parmar, Niki",
            "Uszkoreit, Jakob",
            "Jones, Llion",
            "Gomez, Aidan N.",
            "Kaiser, Łukasz",
            "Polosukhin, Illia",
        ),
        2017,
        "Attention Is All You Need",
        "NIPS 2017",
        "https://arxiv.org/abs/1706.03762",
    ),
    # One vector a text: poolings and the models built on them
    Source(
        "reimers2019",
        ("Reimers, Nils", "Gurevych, Iryna"),
        2019,
        "Sentence-BERT: Sentence Embeddings using Siamese BERT-Networks",
        "EMNLP-IJCNLP 2019",
        "https://arxiv.org/abs/1908.10084",
    ),
    Source(
        "sentence_transformers",
        ("Sentence Transformers",),
        2019,
        "Sentence Transformers: code and documentation",
        "sbert.net",
        "https://www.sbert.net/",
    ),
    Source(
        "minilm_card",
        ("Sentence Transformers",),
        2021,
        "all-MiniLM-L6-v2 (model card)",
        "Hugging Face",
        "https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2",
    ),
    Source(
        "xiao2018",
        ("Xiao, Han",),
        2018,
        "bert-as-service",
        "GitHub",
        "https://github.com/hanxiao/bert-as-service",
    ),
    Source(
        "gao_condenser2021",
        ("Gao, Luyu", "Callan, Jamie"),
        2021,
        "Condenser: a Pre-training Architecture for Dense Retrieval",
        "EMNLP 2021",
        "https://arxiv.org/abs/2104.08253",
    ),
    Source(
        "muennighoff2022",
        ("Muennighoff, Niklas",),
        2022,
        "SGPT: GPT Sentence Embeddings for Semantic Search",
        "arXiv",
        "https://arxiv.org/abs/2202.08904",
    ),
    Source(
        "wang2022",
        (
            "Wang, Liang",
            "Yang, Nan",
            "Huang, Xiaolong",
            "Jiao, Binxing",
            "Yang, Linjun",
            "Jiang, Daxin",
            "Majumder, Rangan",
            "Wei, Furu",
        ),
        2022,
        "Text Embeddings by Weakly-Supervised Contrastive Pre-training",
        "arXiv",
        "https://arxiv.org/abs/2212.03533",
    ),
    Source(
        "xiao_cpack2024",
        ("Xiao, Shitao", "Liu, Zheng", "Zhang, Peitian", "Muennighoff, Niklas", "Lian, Defu", "Nie, Jian-Yun"),
        2024,
        "C-Pack: Packed Resources For General Chinese Embeddings",
        "SIGIR 2024",
        "https://arxiv.org/abs/2309.07597",
    ),
    Source(
        "gao_simcse2021",
        ("Gao, Tianyu", "Yao, Xingcheng", "Chen, Danqi"),
        2021,
        "SimCSE: Simple Contrastive Learning of Sentence Embeddings",
        "EMNLP 2021",
        "https://arxiv.org/abs/2104.08821",
    ),
    Source(
        "wang2024",
        ("Wang, Liang", "Yang, Nan", "Huang, Xiaolong", "Yang, Linjun", "Majumder, Rangan", "Wei, Furu"),
        2024,
        "Improving Text Embeddings with Large Language Models",
        "ACL 2024",
        "https://arxiv.org/abs/2401.00368",
    ),
    Source(
        "zhou2025",
        ("Zhou, Yuqi", "Dai, Sunhao", "Cao, Zhanshuo", "Zhang, Xiao", "Xu, Jun"),
        2025,
        "Length-Induced Embedding Collapse in PLM-based Models",
        "ACL 2025",
        "https://aclanthology.org/2025.acl-long.1396/",
    ),
    Source(
        "doshi2026",
        (
            "Doshi, Meet",
            "Trivedi, Aashka",
            "Kumar, Vishwajeet",
            "Awasthy, Parul",
            "Li, Yulong",
            "Sen, Jaydeep",
            "Florian, Radu",
            "Joshi, Sachindra",
        ),
        2026,
        "LMK > CLS: Landmark Pooling for Dense Embeddings",
        "arXiv",
        "https://arxiv.org/abs/2601.21525",
    ),
    # The families
    Source(
        "liu2019",
        (
            "Liu, Yinhan",
            "Ott, Myle",
            "Goyal, Naman",
            "Du, Jingfei",
            "Joshi, Mandar",
            "Chen, Danqi",
            "Levy, Omer",
            "Lewis, Mike",
            "Zettlemoyer, Luke",
            "Stoyanov, Veselin",
        ),
        2019,
        "RoBERTa: A Robustly Optimized BERT Pretraining Approach",
        "arXiv",
        "https://arxiv.org/abs/1907.11692",
    ),
    Source(
        "sanh2019",
        ("Sanh, Victor", "Debut, Lysandre", "Chaumond, Julien", "Wolf, Thomas"),
        2019,
        "DistilBERT, a distilled version of BERT: smaller, faster, cheaper and lighter",
        "arXiv",
        "https://arxiv.org/abs/1910.01108",
    ),
    Source(
        "sst_card",
        ("Hugging Face",),
        2020,
        "distilbert-base-uncased-finetuned-sst-2-english (model card)",
        "Hugging Face",
        "https://huggingface.co/distilbert/distilbert-base-uncased-finetuned-sst-2-english",
    ),
    Source(
        "fairseq_code",
        ("Facebook AI Research",),
        2017,
        "fairseq: code of the masked language model, and of what it masks",
        "GitHub",
        "https://github.com/facebookresearch/fairseq",
    ),
    Source(
        "lan2020",
        (
            "Lan, Zhenzhong",
            "Chen, Mingda",
            "Goodman, Sebastian",
            "Gimpel, Kevin",
            "Sharma, Piyush",
            "Soricut, Radu",
        ),
        2020,
        "ALBERT: A Lite BERT for Self-supervised Learning of Language Representations",
        "ICLR 2020",
        "https://arxiv.org/abs/1909.11942",
    ),
    Source(
        "clark2020",
        ("Clark, Kevin", "Luong, Minh-Thang", "Le, Quoc V.", "Manning, Christopher D."),
        2020,
        "ELECTRA: Pre-training Text Encoders as Discriminators Rather Than Generators",
        "ICLR 2020",
        "https://arxiv.org/abs/2003.10555",
    ),
    Source(
        "wang2020",
        ("Wang, Wenhui", "Wei, Furu", "Dong, Li", "Bao, Hangbo", "Yang, Nan", "Zhou, Ming"),
        2020,
        "MiniLM: Deep Self-Attention Distillation for Task-Agnostic Compression of Pre-Trained Transformers",
        "NeurIPS 2020",
        "https://arxiv.org/abs/2002.10957",
    ),
    Source(
        "song2020",
        ("Song, Kaitao", "Tan, Xu", "Qin, Tao", "Lu, Jianfeng", "Liu, Tie-Yan"),
        2020,
        "MPNet: Masked and Permuted Pre-training for Language Understanding",
        "NeurIPS 2020",
        "https://arxiv.org/abs/2004.09297",
    ),
    Source(
        "he2023",
        ("He, Pengcheng", "Gao, Jianfeng", "Chen, Weizhu"),
        2023,
        "DeBERTaV3: Improving DeBERTa using ELECTRA-Style Pre-Training with Gradient-Disentangled Embedding Sharing",
        "ICLR 2023",
        "https://arxiv.org/abs/2111.09543",
    ),
    Source(
        "nli_card",
        ("Sentence Transformers - Cross-Encoders",),
        2021,
        "nli-deberta-v3-xsmall (model card)",
        "Hugging Face",
        "https://huggingface.co/cross-encoder/nli-deberta-v3-xsmall",
    ),
    Source(
        "warner2024",
        (
            "Warner, Benjamin",
            "Chaffin, Antoine",
            "Clavié, Benjamin",
            "Weller, Orion",
            "Hallström, Oskar",
            "Taghadouini, Said",
            "Gallagher, Alexis",
            "Biswas, Raja",
            "Ladhak, Faisal",
            "Aarsen, Tom",
            "Cooper, Nathan",
            "Adams, Griffin",
            "Howard, Jeremy",
            "Poli, Iacopo",
        ),
        2024,
        "Smarter, Better, Faster, Longer: A Modern Bidirectional Encoder for Fast, Memory Efficient, "
        "and Long Context Finetuning and Inference",
        "arXiv",
        "https://arxiv.org/abs/2412.13663",
    ),
    # What attention shows, and what it does not
    Source(
        "clark2019",
        ("Clark, Kevin", "Khandelwal, Urvashi", "Levy, Omer", "Manning, Christopher D."),
        2019,
        "What Does BERT Look at? An Analysis of BERT's Attention",
        "BlackboxNLP 2019",
        "https://arxiv.org/abs/1906.04341",
    ),
    Source(
        "vig2019",
        ("Vig, Jesse",),
        2019,
        "A Multiscale Visualization of Attention in the Transformer Model",
        "ACL 2019, System Demonstrations",
        "https://aclanthology.org/P19-3007/",
    ),
    Source(
        "jain2019",
        ("Jain, Sarthak", "Wallace, Byron C."),
        2019,
        "Attention is not Explanation",
        "NAACL 2019",
        "https://arxiv.org/abs/1902.10186",
    ),
    Source(
        "wiegreffe2019",
        ("Wiegreffe, Sarah", "Pinter, Yuval"),
        2019,
        "Attention is not not Explanation",
        "EMNLP-IJCNLP 2019",
        "https://arxiv.org/abs/1908.04626",
    ),
    Source(
        "kobayashi2020",
        ("Kobayashi, Goro", "Kuribayashi, Tatsuki", "Yokoi, Sho", "Inui, Kentaro"),
        2020,
        "Attention is Not Only a Weight: Analyzing Transformers with Vector Norms",
        "EMNLP 2020",
        "https://aclanthology.org/2020.emnlp-main.574/",
    ),
    Source(
        "kobayashi2021",
        ("Kobayashi, Goro", "Kuribayashi, Tatsuki", "Yokoi, Sho", "Inui, Kentaro"),
        2021,
        "Incorporating Residual and Normalization Layers into Analysis of Masked Language Models",
        "EMNLP 2021",
        "https://arxiv.org/abs/2109.07152",
    ),
    Source(
        "abnar2020",
        ("Abnar, Samira", "Zuidema, Willem"),
        2020,
        "Quantifying Attention Flow in Transformers",
        "ACL 2020",
        "https://arxiv.org/abs/2005.00928",
    ),
    Source(
        "sundararajan2017",
        ("Sundararajan, Mukund", "Taly, Ankur", "Yan, Qiqi"),
        2017,
        "Axiomatic Attribution for Deep Networks",
        "ICML 2017",
        "https://arxiv.org/abs/1703.01365",
    ),
    Source(
        "shrikumar2016",
        ("Shrikumar, Avanti", "Greenside, Peyton", "Shcherbina, Anna", "Kundaje, Anshul"),
        2016,
        "Not Just a Black Box: Learning Important Features Through Propagating Activation Differences",
        "arXiv",
        "https://arxiv.org/abs/1605.01713",
    ),
    Source(
        "kokhlikyan2020",
        (
            "Kokhlikyan, Narine",
            "Miglani, Vivek",
            "Martin, Miguel",
            "Wang, Edward",
            "Alsallakh, Bilal",
            "Reynolds, Jonathan",
            "Melnikov, Alexander",
            "Kliushkina, Natalia",
            "Araya, Carlos",
            "Yan, Siqi",
            "Reblitz-Richardson, Orion",
        ),
        2020,
        "Captum: A unified and generic model interpretability library for PyTorch",
        "arXiv",
        "https://arxiv.org/abs/2009.07896",
    ),
    Source(
        "geva2023",
        ("Geva, Mor", "Bastings, Jasmijn", "Filippova, Katja", "Globerson, Amir"),
        2023,
        "Dissecting Recall of Factual Associations in Auto-Regressive Language Models",
        "EMNLP 2023",
        "https://aclanthology.org/2023.emnlp-main.751/",
    ),
    # Sinks and outliers
    Source(
        "luo2021",
        ("Luo, Ziyang", "Kulmizev, Artur", "Mao, Xiaoxi"),
        2021,
        "Positional Artefacts Propagate Through Masked Language Model Embeddings",
        "ACL-IJCNLP 2021",
        "https://aclanthology.org/2021.acl-long.413/",
    ),
    Source(
        "xiao2023",
        ("Xiao, Guangxuan", "Tian, Yuandong", "Chen, Beidi", "Han, Song", "Lewis, Mike"),
        2023,
        "Efficient Streaming Language Models with Attention Sinks",
        "arXiv",
        "https://arxiv.org/abs/2309.17453",
    ),
    Source(
        "belrose2023",
        (
            "Belrose, Nora",
            "Furman, Zach",
            "Smith, Logan",
            "Halawi, Danny",
            "Ostrovsky, Igor",
            "McKinney, Lev",
            "Biderman, Stella",
            "Steinhardt, Jacob",
        ),
        2023,
        "Eliciting Latent Predictions from Transformers with the Tuned Lens",
        "arXiv",
        "https://arxiv.org/abs/2303.08112",
    ),
    Source(
        "sun2024",
        ("Sun, Mingjie", "Chen, Xinlei", "Kolter, J. Zico", "Liu, Zhuang"),
        2024,
        "Massive Activations in Large Language Models",
        "arXiv",
        "https://arxiv.org/abs/2402.17762",
    ),
    Source(
        "gu2025",
        (
            "Gu, Xiangming",
            "Pang, Tianyu",
            "Du, Chao",
            "Liu, Qian",
            "Zhang, Fengzhuo",
            "Du, Cunxiao",
            "Wang, Ye",
            "Lin, Min",
        ),
        2025,
        "When Attention Sink Emerges in Language Models: An Empirical View",
        "ICLR 2025",
        "https://arxiv.org/abs/2410.10781",
    ),
    Source(
        "fesser2026",
        ("Fesser, Lukas", "Jacobs, Mozes", "Fel, Thomas", "Keller, Andy", "Kakade, Sham"),
        2026,
        "A Unifying View of Attention Sinks: Two Algorithms, Two Solutions",
        "arXiv",
        "https://arxiv.org/abs/2606.08105",
    ),
    # How alike are two vectors, and what is in them
    Source(
        "merchant2020",
        ("Merchant, Amil", "Rahimtoroghi, Elahe", "Pavlick, Ellie", "Tenney, Ian"),
        2020,
        "What Happens To BERT Embeddings During Fine-tuning?",
        "BlackboxNLP 2020",
        "https://aclanthology.org/2020.blackboxnlp-1.4",
    ),
    Source(
        "ethayarajh2019",
        ("Ethayarajh, Kawin",),
        2019,
        "How Contextual are Contextualized Word Representations? "
        "Comparing the Geometry of BERT, ELMo, and GPT-2 Embeddings",
        "EMNLP-IJCNLP 2019",
        "https://arxiv.org/abs/1909.00512",
    ),
    Source(
        "mu2018",
        ("Mu, Jiaqi", "Bhat, Suma", "Viswanath, Pramod"),
        2018,
        "All-but-the-Top: Simple and Effective Postprocessing for Word Representations",
        "ICLR 2018",
        "https://arxiv.org/abs/1702.01417",
    ),
    Source(
        "hewitt2019",
        ("Hewitt, John", "Liang, Percy"),
        2019,
        "Designing and Interpreting Probes with Control Tasks",
        "EMNLP-IJCNLP 2019",
        "https://arxiv.org/abs/1909.03368",
    ),
    Source(
        "elazar2021",
        ("Elazar, Yanai", "Ravfogel, Shauli", "Jacovi, Alon", "Goldberg, Yoav"),
        2021,
        "Amnesic Probing: Behavioral Explanation with Amnesic Counterfactuals",
        "Transactions of the Association for Computational Linguistics 9",
        "https://arxiv.org/abs/2006.00995",
    ),
    Source(
        "conneau2018",
        ("Conneau, Alexis", "Kiela, Douwe"),
        2018,
        "SentEval: An Evaluation Toolkit for Universal Sentence Representations",
        "LREC 2018",
        "https://arxiv.org/abs/1803.05449",
    ),
    Source(
        "cer2017",
        ("Cer, Daniel", "Diab, Mona", "Agirre, Eneko", "Lopez-Gazpio, Iñigo", "Specia, Lucia"),
        2017,
        "SemEval-2017 Task 1: Semantic Textual Similarity Multilingual and Crosslingual Focused Evaluation",
        "SemEval 2017",
        "https://arxiv.org/abs/1708.00055",
    ),
    Source(
        "socher2013",
        (
            "Socher, Richard",
            "Perelygin, Alex",
            "Wu, Jean",
            "Chuang, Jason",
            "Manning, Christopher D.",
            "Ng, Andrew",
            "Potts, Christopher",
        ),
        2013,
        "Recursive Deep Models for Semantic Compositionality Over a Sentiment Treebank",
        "EMNLP 2013",
        "https://aclanthology.org/D13-1170/",
    ),
    # Tools and colours
    Source(
        "wolf2020",
        (
            "Wolf, Thomas",
            "Debut, Lysandre",
            "Sanh, Victor",
            "Chaumond, Julien",
            "Delangue, Clement",
            "Moi, Anthony",
            "Cistac, Pierric",
            "Rault, Tim",
            "Louf, Remi",
            "Funtowicz, Morgan",
            "Davison, Joe",
            "Shleifer, Sam",
            "von Platen, Patrick",
            "Ma, Clara",
            "Jernite, Yacine",
            "Plu, Julien",
            "Xu, Canwen",
            "Le Scao, Teven",
            "Gugger, Sylvain",
            "Drame, Mariama",
            "Lhoest, Quentin",
            "Rush, Alexander",
        ),
        2020,
        "Transformers: State-of-the-Art Natural Language Processing",
        "EMNLP 2020, System Demonstrations",
        "https://aclanthology.org/2020.emnlp-demos.6/",
    ),
    Source(
        "machado2009",
        ("Machado, Gustavo M.", "Oliveira, Manuel M.", "Fernandes, Leandro A. F."),
        2009,
        "A Physiologically-based Model for Simulation of Color Vision Deficiency",
        "IEEE Transactions on Visualization and Computer Graphics 15(6)",
        "https://www.inf.ufrgs.br/~oliveira/pubs_files/CVD_Simulation/CVD_Simulation.html",
    ),
    Source(
        "sharma2005",
        ("Sharma, Gaurav", "Wu, Wencheng", "Dalal, Edul N."),
        2005,
        "The CIEDE2000 Color-Difference Formula: Implementation Notes, Supplementary Test Data, "
        "and Mathematical Observations",
        "Color Research and Application 30(1)",
        "https://doi.org/10.1002/col.20070",
    ),
)

SOURCES: Mapping[str, Source] = MappingProxyType({source.key: source for source in _TABLE})


def _source(key: str) -> Source:
    if key not in SOURCES:
        raise ValueError(f"There is no source called {key!r}. Take a key of SOURCES, or add one there.")
    return SOURCES[key]


# what each was read for; a noun clause
USES: Mapping[str, str] = MappingProxyType(
    {
        "devlin2019": "what [CLS] is, the tasks that trained it, and the note that it means little before fine-tuning",
        "google_bert": "how the first vector is taken in BERT's own code, and what is masked",
        "stack_exchange": "the question this app answers",
        "alammar2019": "the cube, the slice and the way from text to classifier",
        "vaswani2017": "attention as it is computed",
        "reimers2019": "mean, max and first-token pooling compared; cosine as the measure",
        "sentence_transformers": "the names of the poolings, and the reference they are tested against",
        "minilm_card": "what the embedded model is, how it was trained, and for texts of which length",
        "xiao2018": "pooling as a choice, and leaving the special tokens out",
        "gao_condenser2021": "BERT's first token, idle in the middle layers and active in the last",
        "muennighoff2022": "the mean in which later tokens weigh more",
        "wang2022": "the e5 models and their prefixes",
        "xiao_cpack2024": "the bge models, which are trained on the first token",
        "gao_simcse2021": "[CLS] trained by a contrastive loss",
        "wang2024": "decoders whose last token is the text's vector",
        "zhou2025": "vectors of long texts that lie close together",
        "doshi2026": "what [CLS] and a mean keep of long texts, and landmarks between chunks",
        "fairseq_code": "what masks RoBERTa's first token, too: it is one of the positions that are drawn",
        "sst_card": "a DistilBERT whose first vector a classifier reads",
        "nli_card": "a DeBERTa whose first vector a classifier of two texts reads",
        "liu2019": "RoBERTa, which has no next-sentence task",
        "sanh2019": "DistilBERT, which has neither segments nor pooler",
        "lan2020": "ALBERT, and what next-sentence prediction does not learn",
        "clark2020": "ELECTRA, whose first token always stands for an original",
        "wang2020": "MiniLM, the ancestor of the embedded model",
        "song2020": "MPNet",
        "he2023": "DeBERTa, version 3",
        "warner2024": "ModernBERT and its local attention",
        "clark2019": "what heads of BERT read: seldom the token itself, often [SEP]; the entropy of a head",
        "vig2019": "BertViz, which draws every head",
        "jain2019": "why a weight is not yet an explanation, in recurrent networks",
        "wiegreffe2019": "when it can be one, in recurrent networks, too",
        "kobayashi2020": "weight against the size of what is moved",
        "kobayashi2021": "weight against size, with the residual and the normalisation",
        "abnar2020": "attention followed through the layers",
        "sundararajan2017": "integrated gradients",
        "shrikumar2016": "input times gradient",
        "kokhlikyan2020": "captum, which computes the integrated gradients",
        "geva2023": "knocking out the edges of attention",
        "luo2021": "single outlier dimensions of BERT and RoBERTa that come from positions",
        "xiao2023": "first tokens that take much attention without being important, in models that write",
        "belrose2023": "words from the vectors of earlier layers: the logit lens, and the tuned lens beside it",
        "gu2025": "sinks of models that write: they store attention, and may add nothing",
        "fesser2026": "sinks that do nothing and sinks that broadcast, in models of images; bounds of their code",
        "sun2024": "single huge activations that work as a bias",
        "merchant2020": "the layers in which training for a task changes BERT's vectors most",
        "ethayarajh2019": "the high cosine of unrelated words' vectors, and random pairs as a baseline",
        "mu2018": "the centring of word vectors",
        "hewitt2019": "the control task of a probe: each word has a random label of its own, wherever it stands",
        "elazar2021": "why a label that can be read off a vector need not be used by the model",
        "conneau2018": "testing sentence vectors by a simple classifier that learns from them",
        "cer2017": "the similarity test set that the poolings are checked on",
        "socher2013": "the sentiment phrases that lengths and speed are checked on",
        "wolf2020": "transformers, which runs the models",
        "machado2009": "the simulation of colour blindness that our colours pass",
        "sharma2005": "the distance by which our colours are told apart",
    }
)


def cite(key: str) -> str:
    """The short form in plain text: "Devlin et al. 2019".

    Raises:
        ValueError: there is no such source.
    """
    source = _source(key)
    first, *others = source.families
    names = f"{first} et al." if len(others) > 1 else " and ".join((first, *others))
    return f"{names} {source.year}"


def link(key: str) -> str:
    """The short form as a Markdown link: "[Devlin et al. 2019](https://...)".

    Raises:
        ValueError: there is no such source.
    """
    return f"[{cite(key)}]({_source(key).link})"
