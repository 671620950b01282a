"""A stock Rasa assistant taught the same examples: what the product is compared with. Nothing here is tuned."""
