#!/usr/bin/env python3
"""Builds the two corpora that search is measured on, from what Debian publishes.

    bench/search/corpus.py FOLDER                 both
    bench/search/corpus.py FOLDER --only packages
    bench/search/corpus.py FOLDER --only paragraphs --debs OTHER_FOLDER

`packages` is one document for each package of the archive: its description, section, tags,
maintainer and dependencies. `paragraphs` is one for each distinct paragraph of the documentation
in the packages that documentation.txt lists, which are downloaded (`apt-get download`, about
180 MB) but not installed; the folders of the file are its tags, the file's date its date. The
paragraphs are in a random order, always the same.

Each corpus is written twice: NAME.jsonl, and NAME.tsv for programs that shall not spend their time
on JSON: id, milliseconds since 1970, section, maintainer, tags, dependencies, text, between tabs,
the lists between spaces.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import html
import json
import random
import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent


@dataclass
class Document:
    """What is indexed; lists have no spaces in their members."""

    id: str
    text: str
    section: str = ""
    date: int | None = None
    maintainer: str = ""
    tags: list[str] = field(default_factory=list)
    depends: list[str] = field(default_factory=list)

    def as_json(self) -> str:
        members = {name: value for name, value in vars(self).items() if value not in (None, "", [])}
        return json.dumps(members, ensure_ascii=False, separators=(",", ":"))

    def as_row(self) -> str:
        date = "" if self.date is None else str(self.date)
        lists = (" ".join(self.tags), " ".join(self.depends))
        return "\t".join((self.id, date, self.section, self.maintainer, *lists, self.text))


def one_line(text: str) -> str:
    return " ".join(text.split())


# Packages: apt's own lists, with descriptions in English, kept in a folder of ours.


def apt_options(folder: Path) -> list[str]:
    state = folder / "apt"
    (state / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (state / "cache" / "archives" / "partial").mkdir(parents=True, exist_ok=True)
    settings = (f"Dir::State::lists={state}/lists", f"Dir::Cache={state}/cache",
                "Acquire::Languages=en", "APT::Sandbox::User=root")
    return [part for setting in settings for part in ("-o", setting)]


def stanzas(lines: Iterator[str]) -> Iterator[dict[str, str]]:
    """The paragraphs of a control file (Debian Policy, chapter 5.1)."""
    fields: dict[str, str] = {}
    name = ""
    for line in lines:
        if not line.strip():
            if fields:
                yield fields
            fields = {}
        elif line[0] in " \t":
            fields[name] += "\n" + line.strip()
        else:
            name, _, value = line.partition(":")
            fields[name] = value.strip()
    if fields:
        yield fields


def package_names(relation: str) -> list[str]:
    names = (re.split(r"[ :(]", one, maxsplit=1)[0] for one in re.split(r"\s*[,|]\s*", relation))
    return list(dict.fromkeys(name for name in names if name))


def description(fields: dict[str, str]) -> str:
    lines = fields.get("Description-en", fields.get("Description", "")).split("\n")
    return one_line(" ".join("" if line == "." else line for line in lines))


def packages(folder: Path) -> Iterator[Document]:
    options = apt_options(folder)
    subprocess.run(["apt-get", *options, "-qq", "update"], check=True)
    available = subprocess.run(["apt-cache", *options, "dumpavail"], check=True, text=True,
                               stdout=subprocess.PIPE).stdout
    texts = {}
    for path in sorted((folder / "apt" / "lists").glob("*_i18n_Translation-en*")):
        content = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", str(path)], check=True,
                                 text=True, stdout=subprocess.PIPE).stdout
        for fields in stanzas(iter(content.splitlines())):
            texts[fields.get("Description-md5", "")] = description(fields)
    seen = set()
    for fields in stanzas(iter(available.splitlines())):
        name = fields["Package"]
        if name in seen:
            continue
        seen.add(name)
        text = texts.get(fields.get("Description-md5", "")) or description(fields)
        maintainer = one_line(fields.get("Maintainer", "").partition("<")[0])
        tags = [tag.strip() for tag in fields.get("Tag", "").split(",") if tag.strip()]
        yield Document(id=name, text=f"{name} {text}", section=fields.get("Section", ""),
                       maintainer=maintainer, tags=tags,
                       depends=package_names(fields.get("Depends", "")))


# Paragraphs: the files of documentation packages, taken apart.

BLOCK = re.compile(r"</?(?:p|div|li|dd|dt|td|th|tr|h[1-6]|pre|br|table|section|[uod]l|blockquote|"
                   r"article|header|footer|nav|main|body)\b[^>]*>", re.IGNORECASE)
NO_TEXT = re.compile(r"<(script|style|head)\b.*?</\1\s*>|<!--.*?-->", re.IGNORECASE | re.DOTALL)
ELEMENT = re.compile(r"<[^>]*>")
BLANK_LINE = re.compile(r"\n\s*\n")
WORD = re.compile(r"[A-Za-z]{2,}")
ROFF_BREAK = re.compile(r"^[.'](?:[PTLIH]P|PP|SH|SS|TP|sp|Pp|It|Sh).*$", re.MULTILINE)
ROFF_MACRO = re.compile(r"^[.'](?:\\\"|[a-zA-Z]{1,3}\b)", re.MULTILINE)
ROFF_ESCAPE = re.compile(r"\\(?:f\(..|f\[[^]]*\]|f.|\((?:..)|[-&e|/^])")


def of_html(text: str) -> Iterator[str]:
    for part in BLOCK.split(NO_TEXT.sub(" ", text)):
        yield html.unescape(ELEMENT.sub("", part))


def of_roff(text: str) -> Iterator[str]:
    for part in ROFF_BREAK.split(text):
        yield ROFF_ESCAPE.sub(lambda found: "-" if found[0] == "\\-" else "",
                              ROFF_MACRO.sub("", part))


def of_text(text: str) -> Iterator[str]:
    yield from BLANK_LINE.split(text)


def reader_of(path: str):
    name = path.removesuffix(".gz")
    if re.search(r"/man/man\d", name):
        return of_roff
    ending = name.rpartition(".")[2].lower()
    if ending in ("html", "htm", "xhtml"):
        return of_html
    if ending in ("txt", "rst", "md", "text", "pod"):
        return of_text
    return None


def is_prose(paragraph: str) -> bool:
    return 100 <= len(paragraph) <= 4000 and len(WORD.findall(paragraph)) >= 12


def paragraphs_of(deb: Path) -> list[Document]:
    """The distinct paragraphs of a package."""
    package = deb.name.partition("_")[0]
    found: dict[str, Document] = {}
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE) as unpacked:
        with tarfile.open(fileobj=unpacked.stdout, mode="r|") as files:
            for member in files:
                reader = reader_of(member.name)
                if not member.isfile() or reader is None:
                    continue
                content = files.extractfile(member).read()
                if member.name.endswith(".gz"):
                    content = gzip.decompress(content)
                folders = member.name.removeprefix("./usr/share/").replace(" ", "_").split("/")[:-1]
                for part in reader(content.decode("utf-8", "replace")):
                    text = one_line(part)
                    digest = hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
                    if digest not in found and is_prose(text):
                        found[digest] = Document(id=digest, text=text, section=package,
                                                 date=int(member.mtime) * 1000, tags=folders[-4:])
    return list(found.values())


def paragraphs(debs: Path) -> list[Document]:
    names = [line for line in (HERE / "documentation.txt").read_text().splitlines()
             if line and not line.startswith("#")]
    debs.mkdir(parents=True, exist_ok=True)
    missing = [name for name in names if not any(debs.glob(f"{name}_*.deb"))]
    if missing:
        subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "-q", "download", *missing],
                       cwd=debs, check=True)
    files = [min(debs.glob(f"{name}_*.deb")) for name in names]
    found: dict[str, Document] = {}
    with ProcessPoolExecutor() as pool:
        for name, documents in zip(names, pool.map(paragraphs_of, files)):
            for document in documents:
                found.setdefault(document.id, document)
            print(f"{name}: {len(found)} paragraphs so far", file=sys.stderr)
    shuffled = list(found.values())
    random.Random(1).shuffle(shuffled)
    for number, document in enumerate(shuffled, start=1):
        document.id = str(number)
    return shuffled


def write(documents: Iterator[Document] | list[Document], folder: Path, name: str) -> None:
    count = size = 0
    with open(folder / f"{name}.jsonl.new", "w", encoding="utf-8") as as_json, \
            open(folder / f"{name}.tsv.new", "w", encoding="utf-8") as as_rows:
        for document in documents:
            as_json.write(document.as_json() + "\n")
            as_rows.write(document.as_row() + "\n")
            count += 1
            size += len(document.text.encode())
    for ending in ("jsonl", "tsv"):
        (folder / f"{name}.{ending}.new").rename(folder / f"{name}.{ending}")
    print(f"{name}: {count} documents, {size / 1e6:.1f} MB of text", file=sys.stderr)


def build(folder: Path, name: str, debs: Path | None = None) -> None:
    """Writes a corpus. Raises CalledProcessError if apt or dpkg-deb fails."""
    folder.mkdir(parents=True, exist_ok=True)
    if name == "packages":
        write(packages(folder), folder, name)
    else:
        write(paragraphs(debs or folder / "debs"), folder, name)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", choices=("packages", "paragraphs"))
    parser.add_argument("--debs", type=Path, help="where the packages are, or are downloaded to")
    arguments = parser.parse_args()
    for name in ("packages", "paragraphs"):
        if arguments.only in (None, name):
            build(arguments.folder, name, arguments.debs)
    return 0


if __name__ == "__main__":
    sys.exit(main())
