"""Sentences with a label, written for this app: does the writer like something, or dislike it, and what is it?

What a probe learns from. ``LABELLED`` is about good and bad: half of them are positive; each subject has both kinds, so
that the subject does not give the label away, and some say it only by a "not", by an "at last", or by what happened.
``TOPICS`` has four topics. To add some, add as many lines to one block as to the others, on something that no other
line is about.
"""

from __future__ import annotations

from itertools import chain

from lib.tables import Labelled, alike

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
    texts=tuple(chain.from_iterable(_PAIRS)),
    labels=(0, 1) * len(_PAIRS),
    classes=("negative", "positive"),
    groups=tuple(k // 2 for k in range(2 * len(_PAIRS))),
)
"""Negative and positive ones in turn; the two of a pair are about the same kind of thing where that was possible.

They have much the same words and the other label, so whoever learned from one of them errs about the other: a pair is a
group.
"""

_HEALTH = """
The doctor listened to my chest and heard nothing odd.
Drink a glass of water before you take the tablet.
Her fever broke on the third night.
A twisted ankle needs ice, rest and patience.
The nurse changed the bandage twice a day.
He has worn glasses since he was six.
The dentist filled two teeth in one sitting.
My grandmother counts her pills into a box with seven lids.
An allergy to nuts can close the throat within minutes.
They took an X-ray of his wrist and found a fine crack.
The baby was vaccinated against measles this morning.
Wash your hands for as long as it takes to sing a verse.
I have had a cough since the clocks went back.
The surgeon removed the appendix through a cut no longer than a thumb.
Too little sleep raises the blood pressure.
The waiting room was full of sneezing children.
Her migraine begins with a shimmer at the edge of her sight.
The physiotherapist showed me how to bend my knee again.
Sunburn is worst on the tops of the feet.
He gave up smoking when his daughter was born.
The blood test came back without anything to worry about.
Old people break their hips more easily because their bones are thin.
A plaster will do; the scratch is not deep.
The ambulance reached the farm in eleven minutes.
My ears hurt whenever I have a cold.
The pharmacist warned us not to mix the two syrups.
She measures her sugar before every meal.
The rash disappeared once he changed his soap.
His heart skips a beat when he drinks strong coffee.
The midwife weighed the newborn on a hanging scale.
Antibiotics are no use against a virus.
She limped for weeks after the plaster cast came off.
The optician found that my left eye had become weaker.
A wasp sting swells less if you cool it at once.
He donates blood every spring and every autumn.
The clinic opens at seven for patients who have not eaten.
Her voice was gone, so she wrote her symptoms on a card.
Asthma kept him indoors on days with much pollen.
The wound was cleaned and closed with five stitches.
A stiff neck often comes from the wrong pillow.
The doctor tapped my knee with a small rubber hammer.
Vitamin D is made in the skin when the sun shines on it.
They kept him in hospital overnight, only to watch him.
I feel dizzy when I stand up too fast.
The child swallowed a button and had to be examined.
Her hearing aid whistles when she puts on a hat.
The epidemic closed every school in the district.
Crutches are harder to use on stairs than on the flat.
The therapist asked him when the panic had begun.
A blister should not be opened with a dirty needle.
My brother was born with one kidney and never noticed.
The ointment smells of camphor and eases sore muscles.
She faints at the sight of a syringe.
The cholesterol in his blood has come down since he eats less butter.
Flu makes every joint ache.
The ward was quiet except for the hum of the machines.
He brushes his teeth after lunch as well.
A tick had fastened itself behind the dog owner's knee.
The specialist could see me only in four months.
Her pulse returned to normal while she sat in the shade.
The scar on his chin is from a fall in childhood.
Back pain is the most common reason for a day of sick leave.
The eye drops burn for a moment and then help.
Nobody in our family is colour blind except my uncle.
The paramedics lifted her onto a stretcher.
Herbal tea calms my stomach after a heavy dinner.
He learned to speak again after the stroke.
The mask fogged up my glasses during the examination.
Nosebleeds stop sooner if you lean forward.
The hospital kitchen serves a diet without salt.
Her wisdom teeth were pulled under anaesthetic.
The infection spread from the finger to the whole hand.
A hot bath loosened the cramp in my calf.
The doctor's handwriting on the prescription was a riddle.
Babies cry less when they are carried.
He is waiting for a new liver.
The inhaler belongs in your pocket, not in a drawer.
Her skin peels every winter.
A concussion can show itself hours after the blow.
The school nurse looked for lice behind every ear.
The pain moved from his shoulder down into the arm.
She recovered from pneumonia by the sea.
The operation was put off because he had a temperature.
My toe turned blue where the brick had landed.
The leaflet lists forty side effects, most of them rare.
An injection into the gum numbs half the face.
The patient in the next bed snored through the whole visit.
He had mumps at an age when it is no longer harmless.
A good insole takes the weight off the heel.
The psychiatrist wrote nothing down for the first hour.
Her platelets were low, so they repeated the count.
The cut healed without leaving a mark.
Hay fever comes earlier every year.
The anaesthetist asked me to count backwards from ten.
His gums bleed because he lacks vitamin C.
They scanned her brain inside a noisy white tube.
The premature twins shared an incubator.
The hiccups lasted until somebody frightened him.
One bad oyster kept the whole party in bed for days.
The doctor told me to lose weight, and to begin with the stairs.
"""

_MONEY = """
Interest on the overdraft is charged by the day.
I keep my savings in an account that I cannot touch for a year.
The rent went up again in January.
She paid the invoice a day before it was due.
His shares lost a third of their value in one morning.
The tax office wants receipts for everything.
A pension that begins at seventy has to be filled early.
They took out a mortgage over thirty years.
The coins in the fountain add up to a fair sum.
Our budget leaves forty a week for groceries.
The cash machine swallowed my card.
The company paid no dividend for the second year.
Inflation eats what lies under the mattress.
He borrowed from his sister and signed a slip of paper.
The auditor found a hole in the accounts.
A loan without collateral costs more.
The euro fell against the yen.
She negotiated a higher salary and a shorter week.
The insurance refused to cover the loss.
Prices at the pump are shown with three decimals.
The startup burned through its capital before it sold anything.
I split the bill with an app.
The treasurer counted the takings of the fair.
Her inheritance was a drawer full of old bonds.
The supermarket gives a discount on Tuesdays.
A forged banknote feels too smooth.
The fund charges a fee of one percent a year.
He went bankrupt twice and started again.
The auction ended at nine thousand.
My wages arrive on the last working day of the month.
The central bank bought government debt to calm the markets.
The landlord wants a deposit of three months' rent.
They sold the house for less than they owed on it.
The accountant moved the loss into the next year.
Import duties made the car dearer.
The beggar had change for a note.
Her credit card was blocked abroad.
A subsidy keeps bread cheap in that country.
The union asked for five percent and settled for three.
I still get a paper statement from my bank.
Currency traders were awake all night.
The piggy bank held buttons and one silver coin.
The company went public at twelve a share.
Child benefit is paid into the mother's account.
The refund took six weeks to arrive.
His debts were larger than his estate.
The broker called to ask for a larger margin.
The price of copper doubled within two years.
She haggled until the rug cost half.
The tip is included in the bill.
The state runs a deficit for the tenth year in a row.
He launders his profits through a chain of car washes.
A contactless payment needs no code below a certain amount.
The wallet held two tickets and no cash.
Gold rose because everybody was afraid.
The budget committee cut the travel expenses.
The lottery winner bought back his father's farm.
The invoice listed a charge that nobody could explain.
Venture capital flowed into batteries.
She transferred the amount with the wrong reference.
The exchange office at the station takes a shameless commission.
The merger will save both firms millions in costs.
He lives on the interest and never touches the principal.
The cheque bounced.
Value added tax is lower on books.
Wages have not kept up with the price of housing.
The savings bank closed its branch in the village.
The clerk gave me ten too much, and I returned it.
The bond matures in eight years and pays four percent.
My landlady only accepts cash.
The donors were promised that every cent would be accounted for.
The quarterly profit surprised the analysts.
The pawnbroker offered little for the ring.
The price tag had been changed by hand.
Her overdraft costs more than her phone.
He claimed the desk as a business expense.
The company owes its suppliers for two months.
The farmers' market takes no cards.
The minister of finance presented a balanced budget.
The stock exchange halted trading after the crash.
A standing order pays for the newspaper.
She invests the same sum on the first of every month.
The purse was found, but it was empty.
The bailiff put a sticker on the piano.
The house was assessed at twice what we had paid.
An early repayment of the loan incurs a fee.
The bonus was paid in shares that lost their worth.
I owe you for the tickets.
The cooperative shares its surplus among the members.
The old currency could be exchanged until midnight.
Pocket money is paid on Saturdays in our family.
The bookkeeper noticed the same amount twice.
The hedge fund bet against the shoe maker.
He was paid by the word.
The wholesale price of milk no longer covers the feed.
The tax return is due at the end of May.
The family firm changed hands for a symbolic coin.
The vending machine gives no change.
Her grant covers the fees but not the rent.
The economist expects a mild recession.
"""

_SPORT = """
The goalkeeper tipped the ball over the bar.
She won the final set without losing a point on her serve.
The relay team dropped the baton at the last change.
He ran the marathon in just under three hours.
The referee showed a yellow card for the late tackle.
Our club was promoted to the second division.
The skier lost a pole and still finished third.
The match went to penalties.
A left hook put the champion on the canvas.
The rowers trained on the lake before dawn.
The striker has scored in nine games in a row.
Her backhand is the best on the tour.
The sprinter false-started and was sent off.
The home crowd sang until the final whistle.
The cyclists climbed the pass in driving rain.
He broke the world record in the high jump by one centimetre.
The coach took off his captain at half-time.
The quarterback threw a long pass into the corner of the field.
The swimmers touched the wall at the same moment.
Judo begins and ends with a bow.
The defender headed the corner clear.
A trainer from Portugal will coach the wingers next year.
She rides the uneven bars as if gravity were a rumour.
The basketball bounced twice on the rim and fell in.
The bowler took four wickets before lunch.
The peloton caught the breakaway a kilometre before the line.
The under-twelves lost by ten goals and went for ice cream.
A hole in one earned him a round of applause.
The puck slid between the goalkeeper's pads.
The wrestlers circled each other on the mat.
The jockey was thrown at the third fence.
The stadium holds sixty thousand, and every seat was taken.
She holds the national title in the javelin.
The scrum collapsed near the try line.
The figure skater landed a triple jump on one blade.
The winger crossed, and nobody was there to meet the ball.
The game was abandoned because of a waterlogged pitch.
He vaulted over the bar with room to spare.
The volleyball team plays barefoot on sand.
The fencer lunged and was hit on the wrist.
They drew two all after extra time.
The driver stalled on the starting grid.
The paddlers carried their canoe round the weir.
Her team mates lifted her onto their shoulders.
The linesman raised his flag for offside.
The climber reached the top of the wall in seven seconds.
The chess boxer won the round at the board.
The hurdler knocked down three and still qualified.
The league table is led by the smallest club.
The pitcher struck out the side.
The world cup draw put both favourites into one group.
His shot hit the post and rolled along the line.
The ball boy was quicker than the left back.
The table tennis rally lasted forty strokes.
The curlers swept the ice in front of the stone.
The runner-up refused to wear her medal.
The midfielder ran twelve kilometres in one match.
The gymnast chalked her hands and saluted the judges.
The surfer waited an hour for the right wave.
The doubles partners have played together since school.
The substitute scored with his first touch.
The rugby tour was cancelled after two defeats.
The archers shot from seventy metres.
The tennis court had been swept and marked anew.
A new rule allows five substitutions.
The speed skater leaned so far that his hand brushed the ice.
The discus landed outside of the sector.
The bench jumped up when the equaliser went in.
The amateur beat the professional on the eighteenth green.
The lifters weigh in two hours before the competition.
The boxer's corner threw in the towel.
The transfer of the young forward was announced at midnight.
She swam the channel at her second attempt.
The handball team defends with six on the line.
The referee consulted the video and took back the penalty.
The final of the darts was decided by a double.
The old champion was knocked out in the first round.
The dressage horse changed its lead at every stride.
The dive scored tens from all but one judge.
The favourites stumbled against a side from the fourth tier.
The fans unrolled a banner as wide as the stand.
The batter hit the ball out of the park.
The captain lifted the trophy under a rain of paper.
The ski jumper flew past the red line.
The triathlete struggled out of her wetsuit.
The goal was disallowed for a foul in the build-up.
The season opens with a derby.
The long jumper overstepped on his best attempt.
Both teams warmed up on the same half of the pitch.
The oarsmen lost their rhythm with ten strokes to go.
The badminton final was over in half an hour.
He has been banned for doping for two years.
The sailors rounded the last buoy in first place.
The snooker player cleared the table in one visit.
The coach drew the attack on a napkin.
Her personal best would have won the bronze.
The water polo match was stopped for a lost cap.
The squad has eleven players under twenty.
The spot kick went low and left, out of the keeper's reach.
The pole position went to a rookie.
"""

_WEATHER = """
The fog lifted towards noon.
It has rained every day since the fair.
A warm wind from the south melted the snow overnight.
The thermometer on the balcony shows minus twelve.
Lightning struck the old oak behind the church.
The forecast promises sun until Friday.
Hailstones as large as cherries dented the roofs.
The hurricane turned away from the coast at the last hour.
Frost drew ferns on the window panes.
The river rose by two metres after the storm.
A rainbow stood over the valley for a minute.
The drought has turned the lawns yellow.
The sky was without a cloud from edge to edge.
Drizzle hung in the air like dust.
The first flakes settled on the pumpkins and melted again.
The barometer has been falling since breakfast.
Thunder rolled behind the hills, but no drop fell.
The heat wave broke with a cloudburst.
A gust turned my umbrella inside out.
The humidity makes thirty degrees feel like forty.
Black ice covered the bridge.
The monsoon arrived a week late.
Low clouds hid the top of the tower.
The wind dropped, and the sea lay flat.
A cold front will cross the country from the west.
The puddles froze and the children slid on them.
Sleet rattled against the shutters.
The summer was the driest for a century.
The tornado left a track of broken fences.
Mist rose from the meadows after sunset.
The snow was so deep that the doors would not open.
Meteorologists expect a mild winter.
The morning was grey and the afternoon greyer.
The storm uprooted the poplars along the canal.
A light breeze came in from the bay.
Showers are likely in the north.
The dew soaked our shoes.
The blizzard buried the road signs.
April changed from sunshine to hail within ten minutes.
The air pressure is unusually high for the season.
The clouds piled up like cauliflowers.
The sandstorm turned noon into dusk.
Temperatures will drop below zero tonight.
The icicles on the gutter were as long as an arm.
The sun came out as soon as the parade was over.
The typhoon gathered strength over the warm ocean.
It drizzled, then poured, then drizzled again.
The wind chill made our faces ache.
The valley lay under a lid of cold air.
A warning of gales has been issued for the islands.
The rain gauge overflowed.
It was too hot to sleep, even with the windows open.
The thaw sent slabs of snow sliding off the roof.
Cumulus in the morning often means thunder by evening.
The winter sun barely cleared the ridge.
The flood washed topsoil into the bay.
The weather vane has pointed east for days.
A sudden squall flattened the tents.
The sky turned green before the hail.
The autumn was long, golden and still.
Freezing rain coated every twig.
The north of the island gets twice as much rain as the south.
The haze made the mountains look far away.
No frost is expected before November.
The equinox brought storms, as it often does.
The clouds parted for the length of a song.
The balmy evening drew everybody outside.
The snow line has moved down to eight hundred metres.
A ring around the moon announced the rain.
The wind howled in the chimney.
The spring was so wet that the seed rotted.
The day began clear and ended in a downpour.
The satellite picture shows a spiral of cloud over the Azores.
The snowflakes melted before they touched the ground.
It is cooler by the lake.
The heat shimmered above the asphalt.
The ice on the pond is not thick enough yet.
Cyclones spin the other way south of the equator.
The last of the snow lies in the shade of the barn.
The breeze smelled of rain.
An unseasonable warmth woke the hedgehogs in January.
The jet stream has shifted to the south.
The humidity fell and the sky became a deeper blue.
The rainy season lasts from May to October.
The weather station on the summit recorded a gust of two hundred.
A mackerel sky is seldom dry for long.
The sea fog crept up the streets of the old town.
The ground was frozen to the depth of a spade.
The dry wind from the desert lasts three days or six.
The hottest day of the year fell on a Sunday.
The storm passed to the north of us.
The mild night was full of drifting mist.
Overcast, with bright spells in the evening.
The gutters could not cope with the cloudburst.
The dust of the Sahara turned the snow orange.
A high over Scandinavia keeps the rain away.
The sun dog to the left of the sun was brighter than the other.
It snowed in the desert for the first time in memory.
The wind has backed to the southwest.
The hoarfrost fell from the wires at noon.
"""

_FOURS = tuple(zip(*(block.strip().splitlines() for block in (_HEALTH, _MONEY, _SPORT, _WEATHER)), strict=True))
_ON_TOPICS = tuple(chain.from_iterable(_FOURS))

TOPICS = Labelled(
    texts=_ON_TOPICS,
    labels=(0, 1, 2, 3) * len(_FOURS),
    classes=("health", "money", "sport", "weather"),
    groups=alike(_ON_TOPICS),
)
"""What a sentence is about: 100 on each of four topics, in turn."""
