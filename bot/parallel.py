"""The same sentence in Italian and in English, a pair a line: what the encoder makes of each tells languages apart.

Ours, written for this purpose, on what people ask of shops, services and assistants; none is an example of an intent.
"""

from __future__ import annotations

from typing import List, Tuple

_PAIRS = """
Vorrei restituire le scarpe che ho comprato | I would like to return the shoes I bought
Il mio abbonamento scade domani | My subscription expires tomorrow
Quanto costa il biglietto? | How much is the ticket?
La carta è stata rifiutata | The card was declined
Non riesco a entrare nel mio profilo | I can't get into my profile
Ho dimenticato il codice | I forgot the code
Trasferisci cento euro sul conto di mia sorella | Transfer a hundred euros to my sister's account
Qual è il saldo del mio conto? | What is the balance of my account?
Mi hanno rubato il portafoglio | Someone stole my wallet
Blocca la mia carta di credito | Freeze my credit card
Quando arriva il corriere? | When does the courier come?
Il pacco è danneggiato | The package is damaged
Avete questo vestito in un'altra taglia? | Do you have this dress in another size?
C'è uno sconto per gli studenti? | Is there a discount for students?
Il codice promozionale non funziona | The promotional code doesn't work
A che ora aprite la mattina? | What time do you open in the morning?
Dov'è il negozio più vicino? | Where is the nearest store?
Posso parlare con una persona? | Can I talk to a person?
Grazie mille per l'aiuto | Thank you very much for the help
Buongiorno, ho una domanda | Good morning, I have a question
Sì, va bene così | Yes, that's fine
No, non è quello che volevo | No, that's not what I wanted
Annulla tutto, ho cambiato idea | Cancel everything, I changed my mind
Siete incompetenti e maleducati | You are incompetent and rude
Ci sentiamo domani | Talk to you tomorrow
Sei una macchina o una persona? | Are you a machine or a person?
Raccontami qualcosa di divertente | Tell me something funny
Il materasso è troppo duro | The mattress is too hard
Quanto dura la garanzia? | How long is the warranty?
Vorrei un rimborso | I would like a refund
Quali vitamine mi consigliate? | Which vitamins do you recommend?
Posso pagare a rate? | Can I pay in instalments?
Il telefono non si accende più | The phone doesn't turn on any more
Come aggiorno l'applicazione? | How do I update the app?
La connessione è lenta da ieri | The connection has been slow since yesterday
Vorrei cambiare il mio piano tariffario | I'd like to change my rate plan
Mandatemi la fattura per favore | Send me the invoice please
Ho pagato due volte lo stesso ordine | I paid twice for the same order
Come vinco dei punti in questo gioco? | How do I win points in this game?
La mia squadra ha perso la partita | My team lost the match
Prenota un tavolo per quattro persone stasera | Book a table for four people tonight
C'è un buon ristorante cinese qui vicino? | Is there a good Chinese restaurant near here?
Che film danno al cinema questo fine settimana? | Which films are on at the cinema this weekend?
A che ora comincia lo spettacolo? | What time does the show start?
Metti una canzone allegra | Put on a cheerful song
Aggiungi questo brano alla mia lista | Add this track to my playlist
Alza il volume | Turn up the volume
Chi canta questa canzone? | Who sings this song?
Svegliami alle sette | Wake me up at seven
Togli la sveglia di domani mattina | Remove tomorrow morning's alarm
Che sveglie ho impostato? | Which alarms have I set?
Ricordami di chiamare il medico | Remind me to call the doctor
Quali promemoria ho per oggi? | What reminders do I have for today?
Cancella l'appuntamento di venerdì | Delete Friday's appointment
Che tempo farà domani? | What will the weather be like tomorrow?
Fa freddo fuori? | Is it cold outside?
Nevicherà in montagna questa settimana? | Will it snow in the mountains this week?
Mi serve l'ombrello oggi? | Do I need an umbrella today?
Quanti gradi ci sono a Roma? | How many degrees is it in Rome?
Che ore sono a Tokyo? | What time is it in Tokyo?
Quando parte il prossimo treno per Torino? | When does the next train to Turin leave?
Il mio volo è in ritardo? | Is my flight delayed?
Cerco un albergo economico in centro | I'm looking for a cheap hotel downtown
Ho perso la valigia all'aeroporto | I lost my suitcase at the airport
Come si arriva alla stazione? | How do I get to the station?
C'è molto traffico sulla tangenziale? | Is there a lot of traffic on the ring road?
Ho bisogno di un taxi adesso | I need a taxi now
Dai quattro stelle a questo romanzo | Give this novel four stars
Quel libro merita il massimo dei voti | That book deserves top marks
Cerca un film con attori italiani | Search for a film with Italian actors
Dove posso guardare quella serie? | Where can I watch that series?
Accendi le luci del soggiorno | Turn on the living room lights
Chiama mio padre | Call my father
Scrivi un messaggio a Laura | Write a message to Laura
Leggi la mia posta | Read my mail
Traduci questa parola in tedesco | Translate this word into German
Quanto fa dodici per otto? | What is twelve times eight?
Quanti abitanti ha il Brasile? | How many people live in Brazil?
Chi ha scritto questa poesia? | Who wrote this poem?
Come si cucina il riso? | How do you cook rice?
Quante calorie ha una mela? | How many calories are in an apple?
Metti il latte nella lista della spesa | Put milk on the shopping list
Sono stato assunto da poco, come chiedo le ferie? | I was hired recently, how do I ask for leave?
Quando mi pagano lo stipendio? | When do I get my salary?
Devo presentare la domanda entro lunedì | I have to submit the application by Monday
Quali documenti mi servono per il passaporto? | Which documents do I need for the passport?
La mia assicurazione copre i danni? | Does my insurance cover the damage?
Vorrei fissare una visita dal dentista | I'd like to make an appointment with the dentist
Mio figlio ha la febbre | My son has a fever
Il cane è malato | The dog is ill
La gomma dell'auto è a terra | The car has a flat tyre
Quando devo cambiare l'olio? | When should I change the oil?
Quanto carburante è rimasto? | How much fuel is left?
Ho vinto un premio? | Did I win a prize?
Perché il prezzo è aumentato? | Why has the price gone up?
Posso avere una copia della ricevuta? | Can I have a copy of the receipt?
Cambia la mia parola d'ordine | Change my password
Il mio indirizzo è sbagliato | My address is wrong
Vorrei sospendere il servizio per un mese | I'd like to suspend the service for a month
Non ho ricevuto nessuna conferma | I haven't received any confirmation
Quanto devo aspettare ancora? | How much longer do I have to wait?
Ordina di nuovo quello dell'altra volta | Order the same as last time
Fate consegne anche nei giorni festivi? | Do you deliver on public holidays too?
Il vostro sito non si apre | Your site doesn't open
Dividi la spesa tra noi tre | Split the bill between the three of us
Quali lingue parli? | Which languages do you speak?
Ripeti quello che hai detto | Repeat what you said
Che giorno è oggi? | What day is it today?
Sono molto stanco | I am very tired
Auguri di buon compleanno | Happy birthday to you
"""

PAIRS: Tuple[Tuple[str, str], ...] = tuple(
    (italian.strip(), english.strip()) for italian, english in (line.split("|") for line in _PAIRS.strip().splitlines())
)


def texts() -> List[str]:
    """Every sentence once: all Italian ones, then all English ones in the same order."""
    return [italian for italian, _ in PAIRS] + [english for _, english in PAIRS]
