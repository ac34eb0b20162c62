"""Other programs' layouts: each file reads one, and says what it found and what it could not take.

A reader turns its file into a `Collected`: one `Finding` for each row or element,
with the attack, the doses, or the words about a whole day that stand there. From
these `gather` makes the diary: local days, each told once. A list of attacks says
nothing about the days between them. Readers take text, tables or open streams;
names of medicines arrive as an argument (`Naming`).
"""
