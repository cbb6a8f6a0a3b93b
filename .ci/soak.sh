#!/bin/sh
# soak.sh TAGS: the simulation, power cuts and kill loops, round after round with new seeds, until it is told to stop
# (Ctrl+C, or SOAK_ROUNDS=3). It ends at the first failure, whose seed has been printed. A round takes about 20 minutes;
# SOAK_FOR=1m and SOAK_CUTS=1000 make it shorter.
set -eu
cd "$(dirname "$0")/.."
tags=$1
round=0
trap 'echo "soak: stopped after $round rounds"; exit 130' INT TERM
while [ "${SOAK_ROUNDS:-0}" = 0 ] || [ "$round" -lt "${SOAK_ROUNDS:-0}" ]; do
	round=$((round + 1))
	echo "soak: round $round, $(date '+%F %T')"
	go test -tags "$tags" -v -count=1 -timeout 0 -run '^TestConvergence$' . -sim.seed="$(date +%s)000" -sim.for="${SOAK_FOR:-10m}"
	BANLANG_CUTS=${SOAK_CUTS:-100000} go test -tags "$tags" -v -count=1 -timeout 0 -run PowerCuts ./desktop/store ./syncserver/sqlitestore
	go test -tags "$tags" -v -count=1 -timeout 0 -run Kill .
done
