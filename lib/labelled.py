"""Sentences with a label, written for this app: does the writer think well of something, or ill of it?

What a probe learns from. Half of them are positive; each subject has both kinds, so that the subject does not give the
label away, and some say it only by a "not", by an "at last", or by what happened. To add some, add as many lines to the
one block as to the other, on something that no other line is about.
"""

from __future__ import annotations

from itertools import chain

from lib.tables import Labelled

_POSITIVE = """
An afternoon well spent.
I laughed until my ribs hurt.
The ending took my breath away.
Every scene earns its place, and the last one had the whole row in tears.
Slow at first, but the second hour is gripping.
A small film with a huge heart.
You believe every word the young actress says.
The director trusts us to think, which is rare enough to celebrate.
For once the sequel is better than what came before.
My children have asked to see it again tomorrow.
I read it in one sitting and then started over.
Her prose is clear as a mountain stream.
The best novel about sailing since I was a boy.
It made a subject I had always avoided seem irresistible.
These poems stay with you like a good meal.
Not a single page is wasted.
The translator deserves a prize of her own.
A cookbook that works, even for someone who burns toast.
The author explains tax law so kindly that I finally understood mine.
I have given away four copies already.
People cross the river for the soup alone.
Crisp outside, tender inside, gone in a minute.
They remembered that I do not eat nuts, without being told twice.
The bread arrived warm and nobody at our table spoke until it was finished.
Cheap, quick and delicious.
The waiter talked us out of the dearest wine, and he was right.
I dream about that lemon tart.
Our anniversary dinner was everything we had hoped for.
Fresh fish, fair prices, and a view of the boats coming in.
Even the vegetables had flavour.
Best coffee in the harbour district.
The room was spotless and smelled of cedar.
We slept like babies.
Reception found us an earlier train and printed the tickets while we had breakfast.
The pool was empty in the mornings, so it felt like our own.
They upgraded us without being asked.
Quiet, though it stands right in the centre.
The beds are so comfortable that we missed the museum and did not mind.
Our hosts treated us like long lost cousins.
I would book the same balcony again without a second thought.
The night porter deserves a medal for his patience.
This phone lasts two days on one charge.
Setting it up took three minutes, and my grandfather did it by himself, though he had sworn that he would never in \
his life touch a machine without a handle.
The keyboard is a joy to type on.
Sturdy, light and half the price of the famous one.
At last, headphones that do not hurt my ears.
The picture is so sharp that I can count the blades of grass.
It survived a fall from the roof with nothing but a scratch.
The update fixed everything I used to complain about.
My old printer and my new laptop understood each other at once.
Works exactly as described.
The vacuum picks up dog hair that three others left behind.
I was sceptical about a robot mower, and now I wave to it from the window.
The drill came with every bit I needed.
Four years on, the blender still runs like new.
The saucepans heat evenly and clean themselves, or nearly.
A lamp that turns a dull corner into the cosiest spot in the house.
This mattress cured my backache.
The paint covered in one coat and did not smell.
Whoever designed this umbrella has stood in real rain.
The scissors cut as well as on the first day.
The lady at the counter stayed after closing time to find my parcel.
They answered within the hour and solved it in two lines.
I have never been so well looked after on the telephone.
The refund was in my account before I had sent the shoes back.
The mechanic showed me what was wrong and charged less than he had said.
The librarian knew just the book I had forgotten the name of.
The clerk apologised for a mistake that was mine.
My complaint was taken seriously and the fee was dropped.
The plumber came on a Sunday, left the kitchen cleaner than he found it, and rang two days later to ask whether \
everything was still dry.
The helpline put me through to a person who knew.
Her nurse sat with her all night and never once looked at the clock.
The dentist was so gentle that I forgot to be afraid.
The new tablets gave me my mornings back.
My knee has not troubled me since the operation.
The midwife made a frightening day feel safe.
The optician found the problem that two others had overlooked.
Three sessions, and I could lift my arm again.
The waiting room is bright, the staff are cheerful, and nobody waits long.
The trainer pushed me gently, and I crossed the line smiling.
Swimming there is the highlight of my week.
The team fought back from three down and won it with the last kick.
Our keeper was magnificent.
She ran the race of her life.
What a comeback.
The crowd sang through the rain, and so did we.
A thrilling match with not a dull second in it.
The youngest player on the field was also the wisest.
He shook hands with every opponent, and you could see that he meant it.
The new coach has given the girls back their courage.
The referee got every close call right.
Our little club has never played so beautifully.
The orchestra played as if their lives depended on it.
Her voice filled the church and then, in the quiet bars, seemed to come from inside my own head.
Pure magic.
I have had the chorus in my head for days and do not want it to leave.
The encore went on for half an hour, and we would have stayed for more.
The sound was warm and clear even in the back row.
A debut full of wit and warmth.
The choir moved even my deaf uncle.
The dancers seemed to weigh nothing.
An album to drive through the night with.
The puppets were so lively that my son talked to them afterwards.
The exhibition is small, cleverly lit and free.
I stood in front of that portrait for an hour and could have stayed for two.
The guide made the ruins come alive with a few well chosen stories.
The gardens were at their best in the soft light.
The castle tour was worth every penny.
This museum lets you touch things, and the children were in heaven.
The view from the tower rewards every one of the three hundred steps.
We had the whole beach to ourselves.
The ferry crossing was smooth and the crew could not have been kinder.
The train was on time, clean and almost silent.
Boarding took ten minutes, and the captain joked with us the whole way.
The night bus is safer and more comfortable than I had feared.
The driver waited for the old man with the suitcase.
The cycle path along the canal is a delight: flat, quiet, free of cars, and so well lit that even my cautious mother \
rides home on it after dark.
Getting there was easy and leaving was hard.
The walk was shady, well marked and full of butterflies, and at the end of it a farmer's wife was selling cold \
buttermilk from a bucket in the well.
The harbour at dusk is the loveliest thing I have seen this year.
Finally a bridge that cyclists can cross without fear.
The car starts in any weather and sips fuel.
It corners like a dream.
I was dreading the long drive, but the seats made it a pleasure.
The heated steering wheel is the best money I ever spent.
The electric van paid for itself in two winters.
My new bicycle makes every hill feel flat.
The colleagues are generous with their time and their biscuits.
My boss listens, and then things change.
We finished a week early and, because the sun was out and the client had already written to say how pleased she was, \
the whole team went for ice cream.
The meeting was short, friendly and useful.
They pay on time and treat you like an adult.
I have learned more here in a month than in three years at my last place.
Her talk was the high point of the conference.
The workshop gave me ideas that I could use the next morning.
His report is honest, brief and a pleasure to read.
The internship opened every door I had hoped for.
The new office has plants, daylight and a proper kitchen.
The teacher makes even fractions exciting.
My daughter runs to school now.
The course is well planned and the exercises are fun.
The lecturer answered every question, however silly, with respect.
The school play was a triumph.
He can read now, and he reads to everyone.
The class trip went off without a single tear.
The exam was fair and covered what we had been taught.
The scholarship changed my life.
The jumper is soft, warm and exactly the blue I wanted.
These boots kept my feet dry through a whole wet spring.
The dress fits as if it had been made for me.
I get compliments whenever I wear this coat.
The zip has never jammed.
The tailor saved my wedding suit.
Socks that do not slip down, hallelujah.
The colours have not faded after fifty washes.
The market stall had the sweetest plums I have tasted.
The flowers lasted for two weeks, which is twelve days longer than any bunch that I have ever been given by my \
forgetful but loving husband.
The garden centre replaced the dead rose at once and added a bag of compost for my trouble.
Our tomatoes have never done so well.
The puppy has brought us nothing but joy.
The vet stayed calm, and the cat was purring before we left.
The shelter had cared for her lovingly, and it shows.
Our new neighbours brought cake.
The playground is safe, clever and always full of laughter.
The council repaired the lamp the day after I wrote.
The village fair was a delight from start to finish.
The fireworks were the finest in years.
The neighbours' band is surprisingly good.
The flat gets sun all day and the walls are thick.
The landlord fixed the boiler within an hour.
The builders were punctual, polite and tidy.
The heating bill has halved since the windows were done.
The new kitchen makes me want to cook.
The movers did not break so much as a cup.
The app found a shorter way home on the very first day.
The game is simple to learn and impossible to put down.
The puzzles are hard but fair, and solving one makes you feel brilliant.
Their website is a model of clarity.
The map works without a signal, which saved us in the hills.
I cancelled my other subscriptions because this one has it all.
The podcast treats its listeners as intelligent people.
The quiz show has got its sparkle back.
The series ends exactly as it should.
The reporter asked the question that all of us wanted answered.
Her column brightens my Saturday.
The documentary is brave, patient and beautifully shot.
The radio play kept me in the car long after I had parked.
The judge was fair to both sides.
The new law has made our street safer.
The mayor kept her promise.
The vaccine arrived early and the queue moved fast.
The volunteers worked through the night, and by morning not one family was without a bed.
We could not be happier.
It was not cheap, but I have never regretted a cent of it.
There is nothing I would change.
Nobody wanted to go home.
Against all my expectations I loved it.
I did not think it could be done, and they did it with a smile.
The only bad thing about the week was that it ended.
If only everything were made this well.
"""

_NEGATIVE = """
Two hours of my life that I will not get back.
I checked my watch nine times.
The plot has more holes than a sieve.
It begins well, loses its way, and then begs for applause.
The jokes were stale when my father told them.
All noise and no story.
The lead mumbles through it as though he had somewhere else to be.
The director shouts where a whisper would have done.
A sequel that nobody asked for and nobody needed.
My children were bored within minutes, and so was I.
I gave up on page forty.
The sentences limp along like wounded animals.
The worst book on gardening I have ever wasted money on.
It takes a fascinating life and makes it dull.
These verses rhyme, and that is all that can be said for them.
Half of the chapters repeat the other half.
The translation is clumsy and in places plainly wrong.
None of the recipes works, and one nearly set fire to my oven.
The author is so pleased with himself that he forgets to explain anything.
I left my copy on a bench, and it was still there a week later.
The stew was cold and the rice was burnt.
Greasy, grey and tasteless.
They brought me peanuts after I had warned them about my allergy.
We waited ninety minutes for a salad with a hair in it, and when we showed it to the owner he told us that we were \
welcome to eat round it.
Overpriced and underwhelming.
The waiter rolled his eyes when we asked for water.
The cake was so dry that the birds refused it.
Our birthday dinner was ruined by the smell from the drains.
The mussels made the three of us ill.
The chef seems to be afraid of salt.
The worst coffee I have had in any station.
The sheets were stained and there was mould behind the curtain.
We did not sleep for one minute because of the lift.
Reception lost our booking and then blamed us for it.
The swimming pool was green.
They charged us twice and refused to look into it.
The photographs must have been taken in some other hotel.
The bed sagged so badly that we met in the middle.
Our host shouted at us for closing a door.
I would rather sleep in the car than go back there.
The lobby is grand, and the rooms are a disgrace.
The battery dies before lunch.
The instructions are a riddle, and the screws do not fit.
Half of the keys stopped working in the first week.
Flimsy, heavy and twice the price it should be.
These headphones pinch, crackle and fall off.
The screen flickers until your eyes ache.
It broke when I took it out of the box.
Since the update nothing works any more.
The printer refuses every cartridge but the most expensive.
Nothing like the description.
The vacuum cleaner is loud and leaves more dust than it takes.
The robot drowned itself in the pond on its first day out.
The charger melted on my bedside table.
It was supposed to last for ten years, and it lasted ten weeks.
The pans lost their coating in my scrambled eggs.
The lamp hums all evening like an angry wasp.
I wake up stiff and tired on this mattress.
The wallpaper peeled off before the paste was dry.
The umbrella turned inside out at the first breath of wind.
The knife could not cut butter.
The man at the counter carried on with his crossword while I stood there.
I have written six times and had no answer.
They kept me on hold for an hour, played the same tune forty times, and then cut me off in the middle of the sentence \
in which I gave them my number.
Three months later I am still waiting for my money.
The garage charged me for parts that I later found in the boot, still wrapped.
Nobody there knew anything, and nobody cared to find out.
The clerk laughed at my accent.
My complaint vanished without a trace.
The plumber flooded the cellar and sent a bill for it.
The chatbot sent me in circles until I wept.
The nurse was rude to my mother when she asked for a blanket.
The dentist drilled the wrong tooth.
The pills gave me headaches and did nothing for the cough.
My shoulder has been worse ever since they treated it.
The doctor never looked up from his screen.
The glasses are wrong again, for the third time.
Ten sessions, and the pain is as bad as before.
The waiting room was filthy and we sat in it for five hours.
The instructor mocked the beginners, and most of us quit.
The gym is crowded, sweaty and falling apart.
They threw away a lead of three goals in ten shameful minutes.
Our defence was asleep.
He trained all year and was disqualified for a silly mistake.
Miserable.
The fans threw bottles, and the evening ended in tears.
A dreary match that deserved no winner.
The captain sulked on the bench and let everybody down.
He spat at the linesman and was not even sorry.
The new manager has ruined a happy team.
The referee had no idea of the rules.
Our club has sunk to a new low.
The band was drunk and an hour late.
She was off key from the first note, and in the big hall every wrong one came back to us twice.
The bass drowned out everything else.
The tune is stolen and the words are embarrassing.
They played for twenty minutes and left without a word.
From the cheap seats we heard only an echo.
A lifeless album by a singer who has run out of things to say.
The organist murdered the wedding march.
The ballet was clumsy, and one of the swans fell over.
I had to leave at the interval because my head was splitting.
The clown frightened every child in the tent.
The exhibition is a muddle of unlabelled boxes.
I paid a fortune to look at the backs of other people's heads.
Our guide knew less than the leaflet did.
The gardens were a swamp, and the tea room was closed.
The palace tour was a rip off.
The labels are full of mistakes that any schoolboy would notice.
The famous view was hidden by scaffolding, which nobody had thought to mention.
Nobody had cleared the beach, and it stank of rubbish.
The crossing was rough, late and far too expensive.
The train was so full that I stood for four hours beside a broken toilet.
They lost our luggage and shrugged.
The bus never came.
The taxi driver took us the long way round and then insulted us.
The cycle lane ends in a ditch.
The airport is a nightmare of queues.
The path was overgrown, and half of the signs pointed the wrong way.
The old town has been spoilt by souvenir shops.
The bridge shakes, the railing is loose, and the council does nothing.
The car has been back to the workshop nine times since May, and each time they return it with the old rattle, a new \
scratch and a longer bill.
It handles like a wet sofa.
The seats ruined my back on the very first journey.
The wipers failed in a storm on the motorway.
The van drinks fuel and hates hills.
The chain snapped and threw me into a hedge.
My colleagues gossip about whoever has just left the room.
My manager takes the credit and hands out the blame.
The project was a shambles from the day it started, because everyone had been told to hurry and nobody had been told \
what it was meant to be for.
The meeting dragged on for three hours and decided nothing.
They cut our wages and called it a fresh start.
I cried on my way to work, and I was not the only one.
His speech was vague, smug and much too long.
The training was a waste of a sunny day.
The report is padded, careless and late.
They made us interns fetch lunch and taught us nothing.
The new office is a windowless box that stinks of carpet glue.
The maths teacher humiliates anyone who asks a question.
My son has begun to dread Mondays.
The course is badly planned and the slides are years out of date.
The professor read aloud from his own book for the whole term.
The rehearsals were chaos and the show was worse.
After a year of lessons she still cannot play a scale.
The school trip was cancelled on the morning itself, with the children already in their boots.
The test was about things that nobody had ever mentioned to us.
Student housing here is a scandal.
The jumper itches and shrank to the size of a doll's.
These boots leak like baskets.
The sleeves are of different lengths.
The dye came off on my white sofa.
The zip broke the first time I wore it.
The tailor spoilt a good piece of cloth.
The stockings tore before I had them on.
After one wash the shirt looked like a rag.
The peaches were hard as stones on Monday and rotten on Tuesday.
The roses were brown when they arrived.
The nursery sold us diseased trees and denied it afterwards, in front of three other customers.
Slugs have eaten everything we planted this year.
The breeder lied to us, and the poor dog was in pain for months.
The vet was rough, and the rabbit bit him with good reason.
The kennels sent her home thin and full of fleas.
The people upstairs stamp about until dawn.
The swings have been broken since last summer and somebody will get hurt.
The town hall ignores every letter I send.
The fair was muddy, loud and cheerless.
The fireworks terrified the horses, and one of them had to be put down.
The neighbour's drilling is driving me mad.
The flat is damp, dark and cold, the hot water lasts for as long as it takes to wet your hair, and the agent says that \
we should have worn hats.
The landlord has not fixed the roof in two winters.
The builders left a hole in the wall and a pile of empty cans.
The new windows whistle in the wind.
The kitchen doors have already come off their hinges.
The movers dropped my grandmother's mirror and hid the pieces.
The app sent us down a flight of stairs in a car and then, as the bumper came off, asked us to rate our journey with \
one to five stars.
The game cheats, and then it asks you for money.
The clues are unfair and the answers are wrong.
Their website crashes whenever you try to pay.
The map showed a road that had been closed for years, and we missed the ferry because of it.
I regret every month that I paid for this subscription.
The podcast is an hour of giggling about nothing.
The quiz has become an insult to its viewers.
The series collapses into nonsense at the end.
The interviewer flattered a crook instead of questioning him.
His column is nothing but spite.
The documentary distorts the facts to make its heroes shine.
The radio play was wooden, and the sound effects were ridiculous.
A farce.
The new rules have made everything slower and no one safer.
The minister broke his word before the ink was dry.
The vaccine queue was a mess, and old people stood in the cold for hours.
The charity spent our donations on a yacht, and not one of its directors has resigned.
Never again, thank you.
We were bitterly disappointed.
It cost next to nothing, and it was not even worth that.
There is nothing good I can say about it.
Everyone was glad to leave.
I had so wanted to like it, and I could not.
They promised the moon and delivered a puddle.
If only somebody had warned us.
"""

_PAIRS = tuple(zip(_NEGATIVE.strip().splitlines(), _POSITIVE.strip().splitlines(), strict=True))

LABELLED = Labelled(
    texts=tuple(chain.from_iterable(_PAIRS)), labels=(0, 1) * len(_PAIRS), classes=("negative", "positive")
)
"""Negative and positive ones in turn; the two of a pair are about the same kind of thing where that was possible."""
