"""Every procedure of the Word corpus out as the controlled paper and in again, and in from PDF:
`python3 dev.py drill word_round_trip [--pdf]`.

Each file is read, each procedure is written as the Word file that the product hands out and read
back: steps, names, responsible, times, forms and the seven sections have to be the same. With
--pdf LibreOffice turns the originals into PDF and each is compared with its oracle.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from nep.apps.procedures.rules.word import read_pages, read_procedures  # noqa: E402
from nep.foundation.printing.texts import page_marks  # noqa: E402
from tests.word.measure import compare, data_folder, oracles  # noqa: E402
from tests.word.round_trip import lost  # noqa: E402


def round_trip(files: list[Path]) -> int:
    """Print what each procedure lost; return how many lost something."""
    count = failed = 0
    for file in files:
        read = read_procedures(file.read_bytes(), file=file.name)
        for place in range(len(read.procedures)):
            count += 1
            told = lost(read, place)
            failed += bool(told)
            for one in told:
                print(f"{file.name} [{place}] {one}")
    print(f"{count - failed}/{count} procedures came back whole; {time.process_time():.1f} s")
    return failed


def from_pdf() -> int:
    """Print how many steps the PDF of each file give as its oracle says; return how many differ."""
    steps = equal = 0
    folder = data_folder()
    with tempfile.TemporaryDirectory() as made:
        files = [str(file) for file in sorted(folder.glob("*.docx"))]
        command = ["soffice", "--headless", "--convert-to", "pdf", "--outdir", made, *files]
        subprocess.run(command, check=True, capture_output=True)
        for unread in (False, True):
            for word, oracle in oracles(folder, unread=unread):
                data = (Path(made) / f"{word.stem}.pdf").read_bytes()
                reading = read_pages(page_marks(data), file=word.name)
                figure = compare(word, oracle, reading=reading)
                steps, equal = steps + figure.steps, equal + figure.equal
                for line in figure.differences:
                    print(f"{word.name} {line}")
    print(f"from PDF: {equal}/{steps} steps as the oracles say")
    return steps - equal


def main() -> int:
    """Run the drill; 1 when anything was lost."""
    failed = round_trip(sorted(data_folder().glob("*.docx")))
    if "--pdf" in sys.argv[1:]:
        failed += from_pdf()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
