"""The texts we offer: what a first visitor sees, the example buttons of every page, and a set of unrelated sentences.

All of it was written for this app; nothing comes from a data set, a paper or a test suite. To add an example, add an
:class:`Example` to its page in ``EXAMPLES``: one text a line, so no line breaks inside a text, and a ``shows`` that
tells where to look and stays true whatever model is chosen. To add to ``REFERENCE``, add a line to
``reference.txt``, on something that no other line is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType


@dataclass(frozen=True)
class Example:
    """Texts behind one button.

    Attributes:
        key: stable and unique on its page; goes into links and button keys.
        label: one to four words, on the button.
        shows: one sentence: what the texts are there to show, and where to look.
        texts: one text a row of the batch.
        pair: a second text for ``texts[0]``, or "".
        together: how many neighbouring texts belong together (2: ``texts[0]`` with ``texts[1]``, and so on);
            1 where each stands alone.
    """

    key: str
    label: str
    shows: str
    texts: tuple[str, ...]
    pair: str = ""
    together: int = 1


DEFAULT = Example(
    key="film",
    label="A film, four ways",
    shows="A sentence, its opposite in nearly the same words, its meaning in other words, and something else: "
    "compare which of them end up close together.",
    texts=(
        "An unbelievably good film: I forgot the time.",
        "An unbelievably bad film: I watched the time.",
        "Two hours flew by in that wonderful movie.",
        "Water boils at one hundred degrees.",
    ),
)

_LETTER = (
    "A letter to the hill farm goes by van, by boat and on foot. The van is old, so it stops at the mill; "
    "the boat is slow, so it waits for the tide. On the last mile the boy who has the bag reads all of the cards, "
    "but he is fair: he tells no one, not even the dog."
)

_MARKET = (
    "The market opens before it is light. First come the bakers, who have been up since two; then the fish arrives, "
    "packed in ice, and the cats behind it. By eight the square is so full that the bus has to wait. My aunt sells "
    "eggs there, as her mother did, and she can tell by the sound of a shell whether the hen was young. She does not "
    "trust scales. When a stranger asks for the price, she looks at his shoes before she answers, and the answer is "
    "never the same twice. Nobody complains, because nobody else has eggs like hers."
)

EXAMPLES: Mapping[str, tuple[Example, ...]] = MappingProxyType(
    {
        "question": (
            DEFAULT,
            Example(
                key="same_start",
                label="Same start, other end",
                shows="Both texts begin alike and end differently: the first token stands before either, "
                "so look for the layer at which its two vectors part.",
                texts=("The garden behind our house is quiet.", "The garden behind our house is on fire."),
            ),
            Example(
                key="reviews",
                label="Two reviews",
                shows="One guest would come back and one would not: the kind of text that a classifier sorts by "
                "its first vector.",
                texts=(
                    "The staff were kind, the room was warm, and I would come back tomorrow.",
                    "The staff were rude, the room was cold, and I would not come back.",
                ),
            ),
            Example(
                key="one_word",
                label="One word each",
                shows="With a single word in each text, look at how much the first token has to read besides itself.",
                texts=("Good.", "Bad."),
            ),
        ),
        "tokens": (
            Example(
                key="pieces",
                label="Words in pieces",
                shows="Long words, dates and numbers: look for words that the vocabulary does not have whole, "
                "and at how it builds them.",
                texts=(
                    "Electroencephalographers are seldom counterrevolutionaries.",
                    "On 14 March 2031 at 07:45, 1,250 of the 3,600 seats were taken.",
                ),
            ),
            Example(
                key="unknown",
                label="Unknown signs",
                shows="A character from another script and a picture: look at what the tokenizer puts in the place "
                "of a sign that is not in its vocabulary.",
                texts=("The sign said 駅, and someone had drawn a 🎻 beside it.",),
            ),
            Example(
                key="accents",
                label="Accents and capitals",
                shows="One sentence with accents and capitals and once more without: compare the two rows of ids.",
                texts=("Zoë ordered crème brûlée in MÜNCHEN.", "zoe ordered creme brulee in munchen."),
            ),
            Example(
                key="pair",
                label="A pair",
                shows="A question and its answer as one input: look for the separators and for where the second "
                "text begins.",
                texts=("Where did you leave the spare key?",),
                pair="Under the third flowerpot, as always.",
            ),
            Example(
                key="lengths",
                label="Short and long",
                shows="Four texts of very different length in one batch: look at how much of the shorter rows is "
                "padding, and at the mask below it.",
                texts=(
                    "Stop.",
                    "The kettle is on.",
                    "Our neighbour keeps bees on the roof, and in June the whole stairwell smells of wax.",
                    "When the lift broke down between two floors, the strangers in it first looked at their phones, "
                    "then at the ceiling, then at each other, and by the time the engineer arrived they had agreed "
                    "to spend the summer in the same village.",
                ),
            ),
            Example(
                key="too_long",
                label="Too long",
                shows="One short story, repeated until many models have to cut it: look for the place after which "
                "nothing was read.",
                texts=(" ".join([_LETTER] * 8),),
            ),
        ),
        "blank": (
            Example(
                key="same_word",
                label="One word, many places",
                shows="The same word at several places: move along the tokens and compare which part of its input "
                "stays and which part changes.",
                texts=(
                    "Rain, and then rain.",
                    "Rain brings rain, people say.",
                    "The rain took no notice of the forecast.",
                ),
            ),
            Example(
                key="opposites",
                label="Nothing in common",
                shows="A recipe, a law and a cry for help: before the first layer the first token's vector is the "
                "same in front of each, so look at the difference below the strips.",
                texts=(
                    "Fold the egg whites into the batter without stirring.",
                    "Whoever finds a lost thing shall report it to the owner.",
                    "Help, the canoe is filling up.",
                ),
            ),
            Example(
                key="same_start",
                label="Three alike words",
                shows="All texts begin with the same words: compare how far the piece behind the first token differs "
                "in layer 0, and how far it differs later.",
                texts=(
                    "The door of the shed was open.",
                    "The door of the bank was guarded by two geese.",
                    "The door of perception needs oil.",
                ),
            ),
            Example(
                key="pair",
                label="A pair",
                shows="A question and its answer as one input: where the model has segments, compare the segment part "
                "of a piece before the middle with that of a piece behind it.",
                texts=("Who took the last piece of cake?",),
                pair="The same person who wrote the note.",
            ),
        ),
        "cube": (
            Example(
                key="padding",
                label="Much padding",
                shows="One long text makes the whole batch wide: look at which cells of the cube are padding.",
                texts=(
                    "Yes.",
                    "Not today.",
                    "The train left early.",
                    "Because the bridge was being painted, the parade had to cross the river by ferry, and the brass "
                    "band played on deck until the tuba player was sick over the rail.",
                ),
            ),
            Example(
                key="bank",
                label="One word, two senses",
                shows='The word "bank" means two things here: pick its position in two texts and compare the rows.',
                texts=(
                    "The bank raised its interest rates.",
                    "The bank was covered in reeds.",
                    "She opened an account at the bank.",
                    "We moored the boat to the bank.",
                ),
            ),
            Example(
                key="single",
                label="A single text",
                shows="A batch of one: the cube is a single sheet, with one row for every token.",
                texts=("The old clock in the hall strikes thirteen.",),
            ),
            Example(
                key="twins",
                label="The same text twice",
                shows="Two of the three texts are the same: compare their sheets cell by cell, and then the third.",
                texts=(
                    "The lamp in the window is lit.",
                    "The lamp in the window is lit.",
                    "The lamp in the window is broken.",
                ),
            ),
            Example(
                key="twelve",
                label="Twelve texts",
                shows="Twelve texts on twelve subjects: pull out the first slice and look for columns that hardly "
                "change from text to text.",
                texts=(
                    "The violinist broke a string in the slow movement.",
                    "Carrots keep best in damp sand.",
                    "Our flight was diverted because of volcanic ash.",
                    "The mayor opened the new playground herself.",
                    "Whales sleep with half of their brain at a time.",
                    "I would like to cancel my subscription.",
                    "Two goals in stoppage time turned the match around.",
                    "The suspect was seen buying a shovel.",
                    "Tighten the bolts in a star pattern.",
                    "My grandmother never learned to swim.",
                    "Prices at the pump have fallen for the third week.",
                    "The poem has fourteen lines and no verb.",
                ),
            ),
        ),
        "journey": (
            Example(
                key="subjects",
                label="Six subjects",
                shows="Six texts that have nothing to do with each other: look for the layer in which their trails "
                "part.",
                texts=(
                    "The glacier has lost a third of its length.",
                    "My sister plays the bassoon in a police band.",
                    "Add the vinegar last, or the milk will curdle.",
                    "Parliament was dissolved on a Tuesday.",
                    "The goalkeeper slipped and the net shook.",
                    "This lock opens only from the inside.",
                ),
            ),
            Example(
                key="not",
                label="One word apart",
                shows="Two texts that differ in one small word: compare the cosine of the first token's vectors with "
                "that of the mean of the words.",
                texts=("The bridge is safe to cross.", "The bridge is not safe to cross."),
            ),
            Example(
                key="lengths",
                label="Short and long",
                shows="One word, one sentence, one long sentence: look at whether the length alone sets trails apart.",
                texts=(
                    "Snow.",
                    "Snow fell on the orchard.",
                    "Snow fell all night on the orchard, on the road below it and on the roof of the chapel, and in "
                    "the morning nobody could say where one ended and the next began.",
                ),
            ),
            Example(
                key="twins",
                label="The same text twice",
                shows="Two of the three texts are the same: their trails should lie on each other in every layer.",
                texts=("The well is dry.", "The well is dry.", "The well is full again."),
            ),
        ),
        "attention": (
            Example(
                key="pronoun",
                label='What is "it"?',
                shows='The word "it" stands for something named before: look at its share of the first token\'s '
                "reading, and compare it with the shares of the words it could mean.",
                texts=("The cat watched the moth until it flew behind the curtain.",),
            ),
            Example(
                key="negation",
                label="A small not",
                shows="One small word turns the sentence round: compare the share it gets in the first text with "
                "the shares of the longer words.",
                texts=(
                    "The repair was not expensive, and the car has not failed since.",
                    "The repair was expensive, and the car has failed since.",
                ),
            ),
            Example(
                key="pair",
                label="Question and answer",
                shows="Two texts in one input: compare how much the first token reads from each of them.",
                texts=("Why was the concert stopped after the first song?",),
                pair="Water was dripping from the ceiling onto the piano.",
            ),
            Example(
                key="punctuation",
                label="All those commas",
                shows="At least as many marks as words: look at the share of the punctuation, layer by layer.",
                texts=('Wait; no, stop: (did you hear that?) "Yes", he said, "twice: once here, once... there?"',),
            ),
            Example(
                key="one_word",
                label="One word",
                shows="There is next to nothing to read: look at what the first token does with its reading instead.",
                texts=("Good.",),
            ),
            Example(
                key="story",
                label="A short story",
                shows="A longer text: compare the largest shares with an even share, which shrinks as texts grow.",
                texts=(_MARKET,),
            ),
        ),
        "amount": (
            Example(
                key="verdict",
                label="One word decides",
                shows="One word carries the judgement: compare its share of the weight with its share of the amount.",
                texts=("The soup we had on the ferry was awful.",),
            ),
            Example(
                key="small_words",
                label="Small words only",
                shows="Nothing but small words: see whether any of them gives much, whatever weight it gets.",
                texts=("It is what it was, and that is all there is to it.",),
            ),
            Example(
                key="rare",
                label="Rare beside common",
                shows="Rare words among common ones: compare how long the vectors are that they have to give.",
                texts=("The zoologist showed the okapi to the boy.",),
            ),
            Example(
                key="marks",
                label="Mostly marks",
                shows="More marks than words: look in which layers the marks give more than their weight.",
                texts=("Well... no? Yes; maybe - soon.",),
            ),
            Example(
                key="letter",
                label="A longer text",
                shows="Many tokens share the weight: look what becomes of the first token's own part as a text grows.",
                texts=(_LETTER,),
            ),
        ),
        "evidence": (
            Example(
                key="verdict",
                label="One loaded word",
                shows="One word carries the judgement: follow its line, and see in which columns it is near the top.",
                texts=("The soup was cold, the bread was stale and the waiter was charming.",),
            ),
            Example(
                key="not",
                label="A small not",
                shows="A short word that turns the sentence round: compare its rank where it is looked at with its "
                "rank where it is taken away.",
                texts=("The bridge is not safe for lorries.",),
            ),
            Example(
                key="other",
                label="Towards another text",
                shows="Ask for the cosine to the second text, and see which words of the first one rise.",
                texts=(
                    "My sister repairs old violins in a shed behind the station.",
                    "A workshop where instruments are mended.",
                    "The train was late again.",
                ),
            ),
            Example(
                key="twice",
                label="The same word twice",
                shows="Two words stand there twice: compare what is lost with either of them, and with the words that "
                "stand there once.",
                texts=("The red house stood beside the other red house.",),
            ),
        ),
        "heads": (
            Example(
                key="neighbours",
                label="One after the other",
                shows="A plain row of words: look for heads whose lines run parallel, each token reading from the one "
                "before it or behind it.",
                texts=("One by one the old blue boats came home.",),
            ),
            Example(
                key="pronoun",
                label="Who is she?",
                shows='The word "she" could mean either woman: point at it at the left and compare where its lines go '
                "in different heads.",
                texts=("Mary thanked Anna because she had mended the gate.",),
            ),
            Example(
                key="stops",
                label="Three full stops",
                shows="Short sentences in one text: look at how many lines end in a full stop, which says little.",
                texts=("It rained. We stayed. Nobody minded.",),
            ),
            Example(
                key="pair",
                label="Two texts, one input",
                shows="Two texts in one input: compare the heads whose lines cross from one to the other with those "
                "that stay inside.",
                texts=("Where did you leave the ladder?",),
                pair="It is behind the shed.",
            ),
        ),
        "classify": (
            Example(
                key="reviews",
                label="A review",
                shows="One review with blame and praise in it: follow it to its label among good and bad, and see how "
                "sure the classifier is.",
                texts=("The second act drags, but the last ten minutes had me in tears.",),
            ),
            Example(
                key="negated",
                label="A small not",
                shows="The same sentence with and without a small word: compare the probabilities of the two in the "
                "table behind the bars.",
                texts=("I was bored for a single minute.", "I was not bored for a single minute."),
            ),
            Example(
                key="between",
                label="Between two topics",
                shows="Choose the four topics: one sentence about money in sport and one about neither, and each of "
                "them gets a label all the same.",
                texts=("The striker was sold for eighty million.", "My aunt collects thimbles."),
            ),
        ),
        "finetune": (
            Example(
                key="praise",
                label="Praise and blame",
                shows="Two sentences with hardly a plain word of praise or blame: see what the frozen and the trained "
                "model call them.",
                texts=("I would queue in the rain to eat there again.", "I have had better meals on a train."),
            ),
            Example(
                key="where",
                label="Only one row",
                shows="One short sentence: compare the top row of the picture for the first token and for the mean.",
                texts=("The keys were in my other coat.",),
            ),
            Example(
                key="elsewhere",
                label="About something else",
                shows="Sentences that are neither good nor bad: see how sure the trained model is of them, all the "
                "same.",
                texts=("The museum opens at nine.", "Seven times eight is fifty-six.", "The ferry leaves on Mondays."),
            ),
        ),
        "place": (
            Example(
                key="seats",
                label="Who sits where",
                shows="Three short texts that begin with three different words: take the first token out, and compare "
                "what the word that moves up becomes in each of them.",
                texts=(
                    "Owls hunt at night.",
                    "Yesterday the cellar flooded again.",
                    "Nobody reads the manual.",
                ),
            ),
            Example(
                key="opposites",
                label="Good and bad",
                shows="Two texts that differ in one word: look at whether a token in another seat still tells them "
                "apart.",
                texts=("The soup was good.", "The soup was bad."),
            ),
            Example(
                key="long",
                label="A longer sentence",
                shows="With more words, the middle and the end lie farther from the first seat: compare the changes "
                "with those of a short text.",
                texts=(
                    "While the orchestra was tuning, a moth settled on the bow of the first violin and stayed there "
                    "through the whole overture.",
                    "The orchestra tuned.",
                ),
            ),
        ),
        "words": (
            DEFAULT,
            Example(
                key="negation",
                label="A not put in",
                shows="The same recommendation with and without a “not”: look at how far each vector moves for one "
                "small word that turns the meaning.",
                texts=("I would lend this book to a friend.", "I would not lend this book to a friend."),
            ),
            Example(
                key="who_did_it",
                label="Who did it",
                shows="The same words in another order, and the two have changed parts: look at the second text's "
                "column, and at which poolings move least.",
                texts=("The goat chased the postman.", "The postman chased the goat."),
            ),
            Example(
                key="other_words",
                label="In other words",
                shows="The same news in other words: a vector for the meaning should move less here than for a word "
                "that turns it.",
                texts=("The last bus left without us.", "We missed the final coach home."),
            ),
            Example(
                key="one_name",
                label="One name changed",
                shows="Only a name is another: look at which vector moves, and whether leaving the name out does the "
                "same.",
                texts=("Miriam paints the harbour every morning.", "Tobias paints the harbour every morning."),
            ),
        ),
        "starve": (
            Example(
                key="lengths",
                label="Short and long",
                shows="Three texts with nothing in common, from one word to four lines: close every layer and look at "
                "the largest difference, then open one layer after the other.",
                texts=(
                    "Stop.",
                    "The recipe asks for two lemons and a little patience.",
                    "When the river rose, the farmer drove his cows up to the chapel, the priest held the door, and "
                    "for two days the service was sung to the sound of bells that nobody had hung in a tower.",
                ),
            ),
            Example(
                key="one_word",
                label="One word turns it",
                shows="Two texts that differ in one word which turns the meaning round: forbid that word alone, and "
                "look at how much of the difference is left.",
                texts=("The doctor said it was serious.", "The doctor said it was not serious."),
            ),
            Example(
                key="repeated",
                label="Said three times",
                shows="The same word stands at three places: forbid it once, twice and three times, and compare how "
                "far the vector moves.",
                texts=("Rain, rain and more rain until the bridge gave way.", "The bridge gave way in the night."),
            ),
            Example(
                key="pair",
                label="A pair",
                shows="A question and its answer as one input: look for the side whose words are worth more to the "
                "first token.",
                texts=("Who left the gate open?",),
                pair="The goat, and it shows no sign of regret.",
            ),
        ),
        "direction": (
            Example(
                key="same_start",
                label="Same start, other end",
                shows="All texts begin with the same words: read them from left to right, and look for the position "
                "from which on they can differ.",
                texts=(
                    "The key to the cellar is under the mat.",
                    "The key to the cellar is made of chocolate.",
                    "The key to the cellar opens nothing at all.",
                ),
            ),
            Example(
                key="same_end",
                label="Other start, same end",
                shows="All texts have nine words and end with the same five: read them from right to left, and compare "
                "the last token with the first.",
                texts=(
                    "My uncle has sold the house by the sea.",
                    "Then a storm took the house by the sea.",
                    "Nobody here still wants the house by the sea.",
                ),
            ),
            Example(
                key="order",
                label="Who chased whom",
                shows="The same words in another order: compare which of the places can tell the two texts apart under "
                "each mask.",
                texts=("The goose chased the postman.", "The postman chased the goose."),
            ),
            Example(
                key="growing",
                label="A growing sentence",
                shows="Each text goes on where the one before it stopped: look at what the last token has seen, and at "
                "what the first one has.",
                texts=(
                    "She opened the letter",
                    "She opened the letter and read it twice",
                    "She opened the letter and read it twice before she sat down on the stairs",
                ),
            ),
        ),
        "next_sentence": (
            Example(
                key="follows",
                label="It follows",
                shows="The second text goes on where the first one stops: look at the probability, then swap the two.",
                texts=("The old ship left the harbour at dawn with forty men on board.",),
                pair="By noon the sailors could not see the coast any more.",
            ),
            Example(
                key="elsewhere",
                label="From elsewhere",
                shows="The second text is about something else: look at how much lower the probability is.",
                texts=("The old ship left the harbour at dawn with forty men on board.",),
                pair="When they are soft, add the rice and stir it for two minutes.",
            ),
            Example(
                key="question",
                label="Question and answer",
                shows="A question and a reply that fits: this kind of pair was rare in the training, so compare it "
                "with the others.",
                texts=("Who left the gate open?",),
                pair="The goat, and it shows no sign of regret.",
            ),
        ),
        "learning": (
            Example(
                key="same_topic",
                label="One topic",
                shows="Two texts on one topic that do not follow each other: move the slider and look at which side "
                "the diamond ends on.",
                texts=("The captain ordered the crew to sew a new sail.",),
                pair="The lighthouse stood on a rock far out in the bay.",
            ),
            Example(
                key="follows",
                label="It follows",
                shows="The second text goes on where the first one stops: look for the step from which on the model "
                "says so.",
                texts=("The band recorded its third album in a small studio.",),
                pair="The first song from it was released as a single in May.",
            ),
            Example(
                key="elsewhere",
                label="From elsewhere",
                shows="The second text is about something else: look for the step at which the diamond moves away.",
                texts=("The band recorded its third album in a small studio.",),
                pair="The rivers were dry, and the farmers sold their cattle.",
            ),
        ),
        "masked": (
            Example(
                key="clear",
                label="One word fits",
                shows="Mask the last word of the sentence: few words fit there, so look at how high the first bar is.",
                texts=("She unlocked the door with her key.",),
            ),
            Example(
                key="open",
                label="Many words fit",
                shows="Mask the colour: many words fit, so look at how the probability is spread over them.",
                texts=("He bought a blue car last week.",),
            ),
            Example(
                key="not",
                label="The word “not”",
                shows="Mask the word “not”: look at whether “not” is among the words that the model finds likely.",
                texts=("The film was not good, so we left.",),
            ),
        ),
        "gradients": (
            Example(
                key="pair",
                label="Two sentences",
                shows="A sentence and the one behind it: look at which tokens of the last layer each loss reaches.",
                texts=("The baker opened the oven and took out the bread.",),
                pair="It was still too hot to cut.",
            ),
            Example(
                key="long",
                label="A long sentence",
                shows="Many tokens, a few of them masked: compare the row of masked words with that of the mean.",
                texts=(
                    "When the rain stopped, the children ran down to the river, and their dog, which had slept all "
                    "morning, ran with them.",
                ),
                pair="It was the first to jump in.",
            ),
            Example(
                key="short",
                label="Two words",
                shows="A very short text: one word is masked, so one vector of the last layer gets that loss.",
                texts=("Good morning.",),
            ),
        ),
        "pooler": (
            Example(
                key="two",
                label="Two films",
                shows="A good film and a bad one: look at how many numbers of the pooler’s output lie near −1 or 1.",
                texts=("The film was a joy from beginning to end.", "The film was dull, and I left before the end."),
            ),
            Example(
                key="short",
                label="One word",
                shows="A text of one word: both strips have as many numbers as those of a long text.",
                texts=("Wonderful.",),
            ),
            Example(
                key="news",
                label="A report",
                shows="A matter-of-fact text: compare the strip of the last layer with the one behind the pooler.",
                texts=("The bridge over the canal will be closed for repairs until the end of March.",),
            ),
        ),
        "traps": (
            Example(
                key="lengths",
                label="Short beside long",
                shows="One word beside a long sentence: the word gets the most padding, so look at how much farther "
                "its marks lie from the right vector.",
                texts=(
                    "Agreed.",
                    "After the meeting had dragged on past midnight, the chairman put the biscuits on the table and "
                    "asked whether anybody was still against it.",
                ),
            ),
            Example(
                key="turn",
                label="A late turn",
                shows="The second half takes back the first: look at what is lost where a text is cut.",
                texts=(
                    "The beach, the food and the weather were lovely, and we will never go there again.",
                    "The car was old, loud and ugly, and it never once let us down.",
                ),
            ),
            Example(
                key="one_word",
                label="One word each",
                shows="The shortest texts: with a single word, the special tokens are most of what is averaged.",
                texts=("Yes.", "No.", "Perhaps."),
            ),
        ),
        "pooling": (
            Example(
                key="paraphrases",
                label="Paraphrases",
                shows="Each sentence is followed by its meaning in other words: see which poolings bring the two "
                "closer than sentences from other pairs.",
                texts=(
                    "The meeting was called off because the manager fell ill.",
                    "Since our boss is sick, today's talks will not take place.",
                    "My bicycle was stolen outside the station.",
                    "Someone took my bike while it stood by the trains.",
                    "It took the firefighters all night to put out the blaze.",
                    "Only at dawn did the crew have the burning warehouse under control.",
                    "She speaks four languages fluently.",
                    "Conversing in any of four tongues gives her no trouble.",
                ),
                together=2,
            ),
            Example(
                key="negation",
                label="Negation",
                shows="Each sentence is followed by its opposite in nearly the same words: see which poolings keep "
                "the two apart.",
                texts=(
                    "I would buy this lamp again.",
                    "I would not buy this lamp again.",
                    "The door was always locked.",
                    "The door was never locked.",
                    "Everyone understood the joke.",
                    "No one understood the joke.",
                    "The bridge is safe for lorries.",
                    "The bridge is not safe for lorries.",
                ),
                together=2,
            ),
            Example(
                key="word_order",
                label="Word order",
                shows="Each sentence is followed by one with exactly the same words in another order: see which "
                "poolings can tell them apart at all.",
                texts=(
                    "The dog bit the man.",
                    "The man bit the dog.",
                    "Anna taught Ben to swim.",
                    "Ben taught Anna to swim.",
                    "Only the cook tasted the soup.",
                    "The cook tasted only the soup.",
                    "The girl praised the parents of the teacher.",
                    "The teacher praised the parents of the girl.",
                ),
                together=2,
            ),
            Example(
                key="topics",
                label="Four topics",
                shows="Three sentences on each of four topics: look for four blocks in the matrices and four groups "
                "on the map.",
                texts=(
                    "Stir the sauce until it thickens.",
                    "The dough has to rise for an hour.",
                    "A pinch of salt brings out the taste of chocolate.",
                    "The striker scored with her left foot.",
                    "Extra time ended without a goal.",
                    "The keeper was sent off for a foul.",
                    "The probe entered orbit around Saturn.",
                    "Astronauts repaired the telescope on a spacewalk.",
                    "The rocket's second stage failed to ignite.",
                    "Her savings account pays almost no interest.",
                    "The loan must be repaid within ten years.",
                    "A mortgage costs more when the central bank raises its rates.",
                ),
                together=3,
            ),
            Example(
                key="senses",
                label="One word, two senses",
                shows="Neighbours share the sense of a word, the pair after them only the word: see whether a "
                "pooling groups by meaning or by spelling.",
                texts=(
                    "The bank lent us the money for the house.",
                    "You can pay the cheque in at any bank.",
                    "The river burst its bank after the storm.",
                    "Otters had dug a den into the muddy bank.",
                    "A bat flew out of the church tower at dusk.",
                    "The bat hung upside down in the cave.",
                    "He swung the bat and missed the ball.",
                    "Her old wooden bat cracked in the second innings.",
                ),
                together=2,
            ),
        ),
    }
)

REFERENCE: tuple[str, ...] = tuple(Path(__file__).with_name("reference.txt").read_text("utf-8").splitlines())
"""Unrelated sentences of many kinds and lengths: how alike two random texts are, and what to subtract when vectors are
centred."""
