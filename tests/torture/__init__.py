"""Long tests of what an index survives: kills at random moments, a full disk, many readers beside a writer.

    python -m tests.torture kills 500
    python -m tests.torture readers 180
    python -m tests.torture disk 40
    python -m tests.torture bounds 40

Short runs of the same are part of the tests.
"""
