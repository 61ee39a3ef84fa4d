#!/bin/sh
# Builds the static probe for linux/amd64 and linux/arm64: build.sh [DIRECTORY]. Two builds of the same source are equal.
set -eu
cd "$(dirname "$0")"
out=${1:-$PWD}
for arch in amd64 arm64; do
  CGO_ENABLED=0 GOOS=linux GOARCH=$arch GOFLAGS=-mod=readonly \
    go build -trimpath -buildvcs=false -ldflags '-s -w -buildid=' -o "$out/cofferdam-probe-$arch" .
done
