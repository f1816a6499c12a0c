# The words of .ci/run: what runs here is what runs for every change.

# everything that a change must pass
all:
    .ci/run

build:
    .ci/run build

format:
    .ci/run format

test:
    .ci/run test

pack:
    .ci/run pack
