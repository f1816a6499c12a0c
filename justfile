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

# such as: just bench stages --model DIR --audio FILE
bench *ARGUMENTS:
    dotnet run --project benchmarks/Steno.Benchmarks -c Release -- {{ARGUMENTS}}
