"""The words of the app in a person's language: texts from catalogues, days and numbers by locale, the way it is written."""

from cleardays.web.words.languages import LANGUAGES, Words, language_of, words_in

__all__ = ["LANGUAGES", "Words", "language_of", "words_in"]
