"""Small documents made on the spot."""

from __future__ import annotations

import io
import zipfile

from docx import Document
from fpdf import FPDF

PARAGRAPH = "You can return a book within thirty days of delivery, provided that it is undamaged. "


class Manual(FPDF):
    """A PDF with a running header and page numbers."""

    def header(self):
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, "Bookshop - confidential", new_x="LMARGIN", new_y="NEXT")

    def footer(self):
        self.set_y(-15)
        self.set_font("Helvetica", size=8)
        self.cell(0, 10, f"Page {self.page_no()} of 9")

    def line_of(self, text, size=11, style=""):
        self.set_font("Helvetica", style, size)
        self.multi_cell(0, size * 0.6, text, new_x="LMARGIN", new_y="NEXT")


def pdf(chapters=2, paragraphs=3, encrypt="", title="Returns manual", table=True):
    made = Manual()
    made.set_title("Microsoft Word - draft3.doc")
    if encrypt:
        made.set_encryption(owner_password="owner", user_password=encrypt)
    made.add_page()
    made.line_of(title, 22, "B")
    for chapter in range(1, chapters + 1):
        made.line_of(f"{chapter}. Chapter {chapter} of it", 16, "B")
        for _ in range(paragraphs):
            made.line_of(PARAGRAPH * 3)
            made.ln(4)
        made.line_of("- the receipt")
        made.line_of("- the book")
        made.ln(4)
        made.set_font("Helvetica", size=11)
        if table:
            with made.table() as rows:
                for values in (("Weight", "Price"), ("1 kg", "4.90")):
                    row = rows.row()
                    for value in values:
                        row.cell(value)
    return bytes(made.output())


def scan():
    """A PDF with a drawing and not a letter."""
    made = FPDF()
    made.add_page()
    made.rect(10, 10, 50, 50)
    made.add_page()
    return bytes(made.output())


def docx(title="Shipping guide", paragraphs=("We ship everywhere in Italy, and it costs three euros.",)):
    made = Document()
    made.core_properties.title = "Template 7"
    if title:
        made.add_heading(title, 0)
    made.add_heading("Costs", 1)
    for text in paragraphs:
        made.add_paragraph(text)
    made.add_paragraph("by courier", style="List Bullet")
    made.add_paragraph("by post", style="List Bullet")
    table = made.add_table(2, 2)
    for row, values in enumerate((("Weight", "Price"), ("1 kg", "4.90"))):
        for column, value in enumerate(values):
            table.cell(row, column).text = value
    made.add_heading("Times", 2)
    made.add_paragraph("Three working days.")
    return _saved(made)


def bomb(megabytes=400):
    """A Word document of a few hundred kilobytes that unpacks to this much."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("word/document.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(megabytes):
            entry.write(b" " * 2**20)
    return packed.getvalue()


def zip_of(**entries):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in entries.items():
            archive.writestr(name, text)
    return packed.getvalue()


def _saved(made):
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


PAGE = """<!doctype html><html lang="en"><head><title>Gift cards | The Shop</title><style>p {color: red}</style>
<script>alert("head")</script></head><body>
<header><nav><a href="/">Home</a></nav></header><div class="breadcrumb">Home &gt; Help</div>
<main><h1>Gift cards</h1><p onclick="steal()">They are <b>valid</b> for two years in <a href="/shops">our shops</a>.
<a href="java&#10;script:alert(1)">Click</a> <a href="JavaScript:alert(2)">me</a> <a href="data:text/html,x">now</a></p>
<ul><li>paper<ul><li>by post</li></ul></li><li>electronic</li></ul>
<table><tr><td>Worth</td><td>Cost</td></tr><tr><td>10 | 20</td><td>free</td></tr></table>
<details><summary>Can I give it away?</summary><p>Yes, that is what it is for.</p></details>
<pre><code>CARD-1234</code></pre><img src="x" onerror="alert(3)"><iframe src="https://evil.example"></iframe>
<form><input value="secret field"><button>Buy</button></form><svg onload="alert(4)"><script>alert(5)</script></svg>
</main>
<footer>All rights reserved</footer><div id="cookie-banner">We use cookies</div></body></html>"""
