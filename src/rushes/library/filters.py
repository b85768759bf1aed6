"""Saved filters: a line of the filter language under a name, asked for as ``@name``."""

from __future__ import annotations

from rushes.domain import limits
from rushes.domain.filter_language import NAME_OF_FILTER, parse
from rushes.domain.filters import Filter, SavedFilter
from rushes.domain.text import fold, one_line
from rushes.domain.times import now
from rushes.errors import BadInput, NotFound
from rushes.library import checks
from rushes.store import saved_filters
from rushes.store.store import Store


class Filters:
    """``library.filters``. Names are told apart as people do: ``Best`` and ``best`` are one."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def list(self) -> tuple[SavedFilter, ...]:
        """Every saved filter, by name."""
        return saved_filters.all_of_them(self._store.reader)

    def save(self, name: str, line: str) -> SavedFilter:
        """Keep a line under a name, in place of what bore it. ``@`` before the name is no matter.

        Raises:
            BadInput: the name isn't one word, or the line says nothing, or too much.
            BadFilter: the line can't be read.
            LibraryError: it can't be written.
        """
        named = checks.name(name, "filter's name").removeprefix("@")
        if not NAME_OF_FILTER.fullmatch(named):
            raise BadInput(
                f"“{one_line(name)}” can't name a filter",
                "a name is one word of letters, digits, - and _",
                "Choose another name.",
            )
        asked = checks.long_text(line, "filter").strip()
        if not asked or len(asked) > limits.LONGEST_LINE:
            why = f"it has over {limits.LONGEST_LINE:,} characters" if asked else "it is empty"
            raise BadInput("the filter can't be kept", why)
        others = {**self.lines(), fold(named): asked}
        parse(asked, saved=others)
        with self._store.transaction() as session:
            saved_filters.put(session, named, asked, now())
        return SavedFilter(named, asked)

    def delete(self, name: str) -> None:
        """Forget a saved filter.

        Raises:
            NotFound: there is none of that name.
            LibraryError: it can't be written.
        """
        named = checks.name(name, "filter's name").removeprefix("@")
        with self._store.transaction() as session:
            if not saved_filters.take_away(session, named):
                raise NotFound(
                    f"there is no filter “{one_line(named)}”", "", "See `rushes filters list`."
                )

    def parse(self, line: str) -> Filter:
        """Read a line of the filter language in which ``@name`` may stand for a saved filter.

        Raises:
            BadFilter: it can't be read; ``position`` says where.
            LibraryError: the database can't be read.
        """
        return parse(line, saved=self.lines() if "@" in line else None)

    def lines(self) -> dict[str, str]:
        """Every saved line by its folded name, as ``filter_language.parse`` takes them."""
        return {fold(saved.name): saved.line for saved in self.list()}
