from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.redaction import LONGEST, redact


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Scrivetemi a mario.rossi@posta.example, grazie", "Scrivetemi a [e-mail], grazie"),
        ("il mio numero è 333 123 4567", "il mio numero è [telefono]"),
        ("333-1234567 oppure 333.123.45.67 o 347/1234567", "[telefono] oppure [telefono] o [telefono]"),
        ("chiamate lo +39 02 12345678 dopo le 18", "chiamate lo [telefono] dopo le 18"),
        ("fisso 0583 123456", "fisso [telefono]"),
        ("IBAN IT60 X054 2811 1010 0000 0123 456 intestato a Mario Rossi", "IBAN [IBAN] intestato a [nome]"),
        ("su it60x0542811101000000123456.", "su [IBAN]."),
        ("codice fiscale RSSMRA85T10A562S", "codice fiscale [codice fiscale]"),
        ("rssmra85t10a562x, con un errore", "[codice fiscale], con un errore"),
        ("partita iva 01234567890", "[codice fiscale]"),
        ("la carta 4111 1111 1111 1111 è rifiutata", "la carta [carta] è rifiutata"),
        ("ordine LM-20419 non arriva", "ordine [numero] non arriva"),
        ("il numero dell'ordine è 20419", "il numero dell'ordine è [numero]"),
        ("n. ordine: 20419", "n. ordine: [numero]"),
        ("mi chiamo Mario De Rossi, abito in via dei Rilegatori 12", "mi chiamo [nome], abito in [indirizzo]"),
        ("mi chiamo mario rossi", "mi chiamo [nome]"),
        ("piazza Duomo 1, 20121 Milano, poi via roma 12", "[indirizzo] Milano, poi [indirizzo]"),
        ("è la signora Bianchi", "è la signora [nome]"),
    ],
)
def test_what_identifies_an_italian_gives_way(said: str, shown: str) -> None:
    assert redact(said, "it") == shown


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("write to ada+shop@mail.example.org", "write to [e-mail]"),
        ("call +44 20 7946 0958 or 07911 123456", "call [phone] or [phone]"),
        ("order #4521 is late", "order #[number] is late"),
        ("parcel 1Z999AA10123456784", "parcel [number]"),
        ("My name is Ada Lovelace.", "My name is [name]."),
        ("I live at 12 Baker Street, London NW1 6XE", "I live at [address], London [address]"),
        ("see https://u:p@shop.example/track?token=abc#me now", "see https://shop.example/track now"),
        ("ticket 20419-77 please", "ticket [number] please"),
    ],
)
def test_what_identifies_an_english_speaker_gives_way(said: str, shown: str) -> None:
    assert redact(said, "en") == shown


@pytest.mark.parametrize(
    "said",
    [
        "Quanto costa spedire? 3,50 € o 12.000 euro",
        "consegna entro 14 giorni dal 12/03/2026 alle 10:00-19:30",
        "avete «1984», ISBN 978-88-06-21945-1 o 9788806219451?",
        "in via di spedizione da 5 giorni, il pacco è in strada da 3 ore",
        "Ho ordinato 3 libri il 3 maggio 2026 per 1.250,00 euro",
        "signora mia, il codice SCONTO10 non va",
        "Does EPUB3 open on my 2019 reader, or MP3? 18app?",
        "order within 14 days, free from 35 €",
        "Che ne dite di 300 000 libri?",
    ],
)
def test_what_says_nothing_of_a_person_stays(said: str) -> None:
    assert redact(said, "it") == said


def test_people_known_by_name_give_way_wherever_they_are_named() -> None:
    assert redact("Sono Giulia, ti scrivo io. Giuliano no.", "it", names=("Giulia",)) == (
        "Sono [nome], ti scrivo io. Giuliano no."
    )


def test_what_is_too_long_to_be_looked_at_is_not_shown() -> None:
    assert "ada@example.org" not in redact("x " * LONGEST + "ada@example.org")


@given(st.text(max_size=300))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.text(max_size=60), st.text(max_size=60))
def test_an_address_is_found_between_any_other_words(before: str, after: str) -> None:
    assert "ada@example.org" not in redact(f"{before} ada@example.org {after}")
