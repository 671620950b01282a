"""What people say to any chat window that is no help centre's business: each version is asked it, to know the look.

Ours, written for this purpose, on subjects spread as wide as everyday talk. The same line of each language says the
same, so that a subject can be set aside in every language at once.
"""

from __future__ import annotations

from typing import Final

ENGLISH: Final = """
hello, how are you doing today
what's up
good morning to you
nice to meet you
thank you so much, that was great
you are really clever
you are useless and stupid
are you a robot or a human being
what is your name
how old are you
where do you live
do you have feelings
who made you
tell me a joke
sing me a song
tell me a bedtime story
I am bored, entertain me
I love you
do you believe in God
what is the meaning of life
are there aliens out there
I had a terrible day
I feel lonely tonight
my girlfriend left me
happy birthday to my sister
what time is it
what day is it tomorrow
will it rain this weekend
how cold is it outside
set an alarm for six in the morning
remind me to water the plants
turn off the lights in the kitchen
play some jazz music
turn the volume up
call my mother
take me to the nearest petrol station
is there a lot of traffic on the motorway
how far is it to the airport
which train goes to the city centre
find me a flight to Lisbon
what should I see in Paris in two days
what is the capital of Australia
how many people live in China
who won the world cup
what was the score last night
who is playing in the final on Sunday
when is the next solar eclipse
how far is the moon from the earth
why is the sky blue
how do birds find their way south
what do elephants eat
how long do cats live
my dog won't stop barking
how do I train a puppy
who was the first president
when did the second world war end
who painted the Mona Lisa
what did Napoleon die of
who is the prime minister now
should I vote in the next election
what is in the news today
how is the stock market doing
what is seven times eight
what is the square root of two
solve this equation for x
how many ounces are in a pound
translate good night into Japanese
how do you spell rhythm
what does serendipity mean
give me a synonym for happy
write a poem about autumn
help me with my history homework
summarise this chapter for my exam
how do I cook rice
what can I make with eggs and potatoes
is this mushroom poisonous
how many calories are in a banana
a good wine for fish
book a table for four tonight
what is a good recipe for apple pie
how do I get rid of a headache
my tooth hurts
how much sleep does a child need
what exercises are good for the back
how do I lose weight quickly
how do I remove a wine stain from a shirt
how do I change a flat tyre
my car won't start
how do I fix a leaking tap
when should I plant tomatoes
how do I paint a wall
what film should I watch tonight
is the new series any good
who sings this song
how do I learn the guitar
what are the rules of chess
roll a dice
pick a number between one and ten
which phone has the best camera
how does a nuclear reactor work
what is a black hole
how do I tie a tie
what should I wear to a wedding
what shall I buy my brother for Christmas
my neighbour is too loud
how do I become a pilot
how much does a teacher earn
I am looking for a job
write me a cover letter
blah blah blah
asdf qwerty
I have no idea
never mind
the quick brown fox jumps over the lazy dog
"""

ITALIAN: Final = """
ciao, come stai oggi
che si dice
buongiorno a te
piacere di conoscerti
grazie mille, sei stato bravissimo
sei davvero intelligente
sei inutile e stupido
sei un robot o una persona vera
come ti chiami
quanti anni hai
dove abiti
hai dei sentimenti
chi ti ha creato
raccontami una barzelletta
cantami una canzone
raccontami una favola della buonanotte
mi annoio, intrattienimi
ti amo
credi in Dio
qual è il senso della vita
esistono gli alieni
ho avuto una giornata terribile
stasera mi sento solo
la mia ragazza mi ha lasciato
auguri a mia sorella per il compleanno
che ore sono
che giorno è domani
pioverà nel fine settimana
quanto freddo fa fuori
metti la sveglia alle sei del mattino
ricordami di annaffiare le piante
spegni le luci in cucina
metti un po' di musica jazz
alza il volume
chiama mia madre
portami al distributore di benzina più vicino
c'è molto traffico in autostrada
quanto dista l'aeroporto
quale treno va in centro
trovami un volo per Lisbona
cosa vedere a Parigi in due giorni
qual è la capitale dell'Australia
quante persone vivono in Cina
chi ha vinto i mondiali
com'è finita la partita ieri sera
chi gioca la finale domenica
quando sarà la prossima eclissi di sole
quanto dista la luna dalla terra
perché il cielo è blu
come trovano la strada gli uccelli migratori
cosa mangiano gli elefanti
quanto vivono i gatti
il mio cane non smette di abbaiare
come si addestra un cucciolo
chi fu il primo presidente della repubblica
quando è finita la seconda guerra mondiale
chi ha dipinto la Gioconda
di cosa morì Napoleone
chi è adesso il presidente del consiglio
dovrei votare alle prossime elezioni
che notizie ci sono oggi
come va la borsa
quanto fa sette per otto
qual è la radice quadrata di due
risolvi questa equazione
quanti grammi ci sono in una libbra
traduci buonanotte in giapponese
come si scrive soqquadro
cosa significa serendipità
dimmi un sinonimo di felice
scrivi una poesia sull'autunno
aiutami con i compiti di storia
riassumi questo capitolo per l'esame
come si cuoce il riso
cosa posso cucinare con uova e patate
questo fungo è velenoso
quante calorie ha una banana
un buon vino per il pesce
prenota un tavolo per quattro stasera
una buona ricetta per la torta di mele
come faccio passare il mal di testa
mi fa male un dente
quanto deve dormire un bambino
quali esercizi fanno bene alla schiena
come dimagrire in fretta
come si toglie una macchia di vino dalla camicia
come si cambia una gomma bucata
la macchina non parte
come riparo un rubinetto che perde
quando si piantano i pomodori
come si tinteggia una parete
che film guardo stasera
la nuova serie è bella
chi canta questa canzone
come imparo a suonare la chitarra
quali sono le regole degli scacchi
tira un dado
scegli un numero tra uno e dieci
quale telefono fa le foto migliori
come funziona una centrale nucleare
cos'è un buco nero
come si fa il nodo alla cravatta
cosa mi metto per un matrimonio
cosa regalo a mio fratello per Natale
il mio vicino fa troppo rumore
come si diventa pilota
quanto guadagna un insegnante
sto cercando lavoro
scrivimi una lettera di presentazione
bla bla bla
asdf qwerty
non ne ho idea
lascia perdere
la volpe veloce salta sopra il cane pigro
"""

EVERYDAY: Final = {lang: tuple(text.strip().splitlines()) for lang, text in (("en", ENGLISH), ("it", ITALIAN))}
