"""What a teacher may say and ask at each step of the path; a key shows it while they present."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NOTES: Mapping[str, str] = MappingProxyType(
    {
        "question": "Ask first: who has used [CLS], and who knows why? Read the four sentences as claims to be tested "
        "today. Then let the picture play once. Do not explain attention yet.",
        "tokens": "Type a sentence of the class. Let them count the tokens before the answer is shown. The point: "
        "[CLS] is put there by the tokenizer, it is no word of the text, and it stands at position 0 "
        "every time.",
        "cube": "Write last_hidden_state[:, 0, :] on the board and ask which part of the cube it is. Count what "
        "is thrown away. The question for the rest of the lesson: may one throw it away?",
        "attention": "Ask what [CLS] can attend to, being first. Show one layer, then the last. The weights of a row "
        "add up to 100%. Warn that a weight is not yet an effect: the next step tests that.",
        "starve": "Take a vote before the answer is shown. It is the cleanest experiment of the lesson: without "
        "attention the vector is the same for every text. So all that [CLS] knows came in by attention.",
        "direction": "Ask what changes if [CLS] may attend to its left only. There is nothing at its left. In GPT, "
        "that is the rule for every token, which is why such models keep the last token and not the "
        "first.",
        "next_sentence": "Read two sentences aloud and ask the class whether the second follows. Then show the way: a "
        "vector, the pooler, two numbers, a probability. Ask what happens if the two are swapped, and open that fold. "
        "Say that this small model was taught for the lesson, and is right less often than BERT.",
        "masked": "Let the class name the hidden word before the model does. Then ask what [CLS] has to predict here. "
        "Nothing: in BERT it is never hidden. Warn that the words in the last fold are an extrapolation.",
        "gradients": "Ask which loss reaches [CLS] in the last layer, then count the zeros together. Move the slider "
        "one layer down: attention carries the gradient to every token. The zeros are exact, the lengths are not.",
        "pooler": "Ask who has used pooler_output. Show that its biases are 0 in this model, so no training ever moved "
        "it. Then open the table of the families: they do not agree which vector a classifier gets.",
        "pooling": "Ask whether [CLS] or the mean should compare texts better. This model was trained through the "
        "mean, so say that it favours the mean. For BERT as it comes, see the numbers of Reimers and "
        "Gurevych.",
        "finetune": "Let them predict the accuracy, then train. While it runs: the loss sits on [CLS] alone, and its "
        "gradient reaches the other tokens only through attention, in the layers below.",
        "answer": "Go back to the votes of the class. Ask one student to answer the question in three sentences. "
        "Hand out the QR code: everybody can try the lesson with a text of their own.",
    }
)
