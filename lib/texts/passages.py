"""Sixty short passages, written for this app: a first text and the one that follows it, five of them on each topic."""

from __future__ import annotations

from dataclasses import dataclass

EACH = 5  # passages on a topic


@dataclass(frozen=True)
class Passage:
    """Two texts, of which the second follows the first.

    Attributes:
        first: what stands first.
        second: what follows.
        topic: what both are about; passages of one topic stand behind one another.
    """

    first: str
    second: str
    topic: str


_TOPICS: dict[str, tuple[tuple[str, str], ...]] = {
    "the sea": (
        (
            "The old ship left the harbour at dawn with forty men on board.",
            "By noon the sailors could not see the coast any more.",
        ),
        (
            "The lighthouse stood on a rock far out in the bay.",
            "Its keeper rowed to the village once a week to fetch bread and oil.",
        ),
        (
            "A storm tore the main sail in the second week of the voyage.",
            "The captain ordered the crew to sew a new one from spare cloth.",
        ),
        (
            "The divers found the wreck at a depth of thirty metres.",
            "In its hold lay hundreds of clay jars that had once held wine.",
        ),
        (
            "The ferry to the island runs twice a day in summer.",
            "In winter the waves are often too high, and it stays in port.",
        ),
    ),
    "war": (
        (
            "The battle lasted for two days and two nights.",
            "At its end both armies had lost more than half of their men.",
        ),
        (
            "The general placed his guns on the hill above the river.",
            "From there they could fire on every boat that tried to cross.",
        ),
        (
            "The fortress held out against the siege until the autumn.",
            "When the last food was eaten, its commander opened the gates.",
        ),
        (
            "The regiment marched north through snow and mud.",
            "Many of the soldiers had no boots and wrapped their feet in rags.",
        ),
        (
            "The two kings signed a treaty of peace in the spring.",
            "Under its terms the border was moved ten miles to the east.",
        ),
    ),
    "government": (
        (
            "She was elected president of the country in March.",
            "In her first year her government lowered the tax on bread.",
        ),
        (
            "The parliament voted on the new law late in the evening.",
            "It was passed by a majority of only three votes.",
        ),
        (
            "The minister resigned after the newspapers had printed his letters.",
            "His successor promised to answer all questions in public.",
        ),
        (
            "The town council wants to build a bridge across the canal.",
            "Its members have argued for years about who should pay for it.",
        ),
        (
            "My fellow citizens, our nation has come through a hard winter.",
            "I ask the Congress to act now, so that no family has to be hungry.",
        ),
    ),
    "music": (
        (
            "The band recorded its third album in a small studio in London.",
            "The first song from it was released as a single in May.",
        ),
        (
            "The young pianist had practised the concerto for a whole year.",
            "On the evening of the concert her hands were perfectly calm.",
        ),
        (
            "The choir meets every Tuesday in the hall behind the church.",
            "New singers are welcome, even if they cannot read notes.",
        ),
        (
            "He built his first guitar from the wood of an old door.",
            "It was hard to tune, but its sound was warm and full.",
        ),
        (
            "The opera was a failure on its first night.",
            "The audience laughed in the saddest scene, and the composer left the theatre.",
        ),
    ),
    "football": (
        (
            "The home team scored in the first minute of the match.",
            "After that their goalkeeper had very little to do until half-time.",
        ),
        (
            "The club bought a new striker from Spain last summer.",
            "He has scored eleven goals in his first nine games.",
        ),
        (
            "The referee stopped the game because of heavy rain.",
            "It will be played again on Sunday if the pitch is dry.",
        ),
        (
            "The coach was dismissed after five defeats in a row.",
            "His assistant will lead the team until the end of the season.",
        ),
        (
            "The final was decided by penalty kicks.",
            "The last player to shoot was only eighteen years old, and he missed.",
        ),
    ),
    "trains": (
        (
            "The railway line through the valley was opened a hundred years ago.",
            "Steam engines pulled the first carriages up to the mountain village.",
        ),
        (
            "Our train stood still between two stations for an hour.",
            "The guard explained that a tree had fallen across the track.",
        ),
        (
            "The night express leaves the capital at ten in the evening.",
            "Its passengers wake up beside the sea on the next morning.",
        ),
        (
            "The new station has six platforms and a roof of glass.",
            "From each of them a lift goes down to the underground.",
        ),
        (
            "The driver saw the red signal too late.",
            "He pulled the brake, and the wagons came to rest just before the bridge.",
        ),
    ),
    "cooking": (
        (
            "Cut the onions into small pieces and fry them in butter.",
            "When they are soft, add the rice and stir it for two minutes.",
        ),
        (
            "My grandmother baked bread in a stone oven behind the house.",
            "The whole street could smell it on Saturday mornings.",
        ),
        (
            "The soup needs to boil for at least three hours.",
            "Only then are the bones soft and the broth rich.",
        ),
        (
            "The restaurant has no menu and only eight tables.",
            "Guests eat what the cook has found at the market on that day.",
        ),
        (
            "The cake did not rise, although I had followed the recipe.",
            "Later I saw that I had forgotten the baking powder.",
        ),
    ),
    "medicine": (
        (
            "The patient was brought to the hospital with a high fever.",
            "The doctors gave him a drug that lowered it within a few hours.",
        ),
        (
            "The nurse changed the bandage every morning.",
            "After ten days the wound had closed, and only a thin line was left.",
        ),
        (
            "The disease is passed on by the bite of a mosquito.",
            "People who live in warm and wet regions sleep under nets for that reason.",
        ),
        (
            "The surgeon operated on the knee of the old dancer.",
            "She could walk again after six weeks, but she did not go back to the stage.",
        ),
        (
            "The vaccine was first tested on a hundred volunteers.",
            "None of them became ill, and larger trials were begun in the next year.",
        ),
    ),
    "school": (
        (
            "The village school had one room and one teacher.",
            "The older pupils helped the younger ones with reading and sums.",
        ),
        (
            "Anna had forgotten her homework on the kitchen table.",
            "She told her teacher the truth and was allowed to bring it the next day.",
        ),
        (
            "The examination began at nine o’clock in the great hall.",
            "By half past ten the first students had put down their pens.",
        ),
        (
            "The university was founded by a rich merchant.",
            "Its library still holds the books that he had collected in his life.",
        ),
        (
            "Our class went to the museum to see the bones of a dinosaur.",
            "The guide let every child touch a tooth as long as a hand.",
        ),
    ),
    "weather": (
        (
            "The storm formed over warm water in the last week of August.",
            "Three days later its winds reached the coast and tore roofs from houses.",
        ),
        (
            "It had not rained in the region since the spring.",
            "The rivers were dry, and the farmers sold their cattle.",
        ),
        (
            "Snow fell all night, and in the morning the road was gone.",
            "The neighbours dug a path from door to door.",
        ),
        (
            "Thick fog lay over the airport until the afternoon.",
            "More than fifty flights were cancelled or sent to other cities.",
        ),
        (
            "The flood rose to the first floor of the houses.",
            "Families waited on their roofs until boats came to fetch them.",
        ),
    ),
    "animals": (
        (
            "The bird builds its nest in the tops of tall trees.",
            "The female lays three or four blue eggs in early summer.",
        ),
        (
            "A fox had come into the yard during the night.",
            "In the morning the farmer counted his hens, and two were missing.",
        ),
        (
            "The whale feeds on tiny shrimps in cold water.",
            "It swims thousands of miles to warmer seas to give birth to its young.",
        ),
        (
            "Our dog is afraid of thunder.",
            "He hides under the bed and does not come out before the sky is quiet.",
        ),
        (
            "The butterfly lives for only a few weeks.",
            "In that time it finds a mate and lays its eggs on the leaves of one plant.",
        ),
    ),
    "the sky": (
        (
            "The astronomer saw a faint point of light beside the planet.",
            "On the next night it had moved, and she knew that it was a moon.",
        ),
        (
            "The telescope stands on a mountain in the desert.",
            "The air up there is so clear that the stars hardly twinkle.",
        ),
        (
            "The comet comes back every seventy-six years.",
            "Its tail of gas and dust can then be seen without glasses.",
        ),
        (
            "The probe landed on Mars after a flight of seven months.",
            "Its first picture showed red stones and a pink sky.",
        ),
        (
            "During the eclipse the moon covered the sun completely.",
            "It became as dark as in the evening, and the birds stopped singing.",
        ),
    ),
}

PASSAGES: tuple[Passage, ...] = tuple(
    Passage(first, second, topic) for topic, both in _TOPICS.items() for first, second in both
)
TOPICS = tuple(n // EACH for n in range(len(PASSAGES)))  # the number of each passage's topic


def pairs(shift: int) -> tuple[tuple[str, str], ...]:
    """The first text of each passage with the second of the one that stands so many places behind it.

    Args:
        shift: 0 for what follows; a multiple of ``EACH`` for texts on another topic.
    """
    many = len(PASSAGES)
    return tuple((PASSAGES[n].first, PASSAGES[(n + shift) % many].second) for n in range(many))


def alike() -> tuple[tuple[str, str], ...]:
    """The first text of each passage with the second of another passage on the same topic."""
    return tuple((PASSAGES[n].first, PASSAGES[n // EACH * EACH + (n + 1) % EACH].second) for n in range(len(PASSAGES)))


def swapped() -> tuple[tuple[str, str], ...]:
    """The second text of each passage in front of the first."""
    return tuple((each.second, each.first) for each in PASSAGES)


def mixed() -> tuple[tuple[tuple[str, str], ...], tuple[bool, ...]]:
    """Sixty pairs of which thirty follow and thirty are on two topics, and which of them follow."""
    true, random = pairs(0), pairs(5 * EACH)
    return true[::2] + random[1::2], (True,) * len(true[::2]) + (False,) * len(random[1::2])


# of the twenty to guess: a passage, and what stands behind its first text: what follows, or a text on its topic, or not
_GUESSED = (
    *((0, "next"), (16, "other"), (31, "next"), (7, "topic"), (44, "next"), (52, "other"), (23, "topic")),
    *((36, "next"), (11, "next"), (58, "topic"), (3, "other"), (29, "next"), (47, "other"), (19, "next")),
    *((33, "topic"), (56, "next"), (13, "other"), (40, "next"), (9, "next"), (26, "topic")),
)


def guessed() -> tuple[tuple[str, str, bool], ...]:
    """Twenty pairs to guess: two texts, and whether the second follows the first."""
    ways = {"next": pairs(0), "topic": alike(), "other": pairs(5 * EACH)}
    return tuple((*ways[way][n], way == "next") for n, way in _GUESSED)
