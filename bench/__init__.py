"""How fast, how large: the whole product beside its own floor and beside a stock Rasa assistant. `make bench`."""
