"""The tables of accounts. What lets somebody in is kept as a digest alone, from which nobody gets in."""

from __future__ import annotations

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

LONGEST_NAME = 200
"""As in a diary, whose persons bear these names."""


class Base(DeclarativeBase):
    """All tables of the file."""


class Account(Base):
    """Somebody who may come in."""

    __tablename__ = "accounts"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    key: Mapped[str] = mapped_column(unique=True)
    """The name as it is compared: phones write capitals of their own accord."""
    role: Mapped[str]
    password: Mapped[str]
    """The argon2 hash."""
    sessions: Mapped[list[Session]] = relationship(cascade="all, delete-orphan", back_populates="account")
    tokens: Mapped[list[Token]] = relationship(cascade="all, delete-orphan", back_populates="account")


class Session(Base):
    """A browser that has signed in. Times are seconds since 1970."""

    __tablename__ = "sessions"

    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    until: Mapped[int]
    """When it ends unless it is used."""
    end: Mapped[int]
    """When it ends whatever happens."""
    account: Mapped[Account] = relationship(back_populates="sessions", lazy="joined")


class Token(Base):
    """A program that may use the API."""

    __tablename__ = "tokens"

    digest: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    end: Mapped[int]
    account: Mapped[Account] = relationship(back_populates="tokens", lazy="joined")
