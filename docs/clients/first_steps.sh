#!/usr/bin/env bash
# First steps of a client of the simulated 企业资质 module, in bash and curl: one test, from a world of its own to its end.
#
#   BASE=http://127.0.0.1:8000 bash first_steps.sh
#
# A simulator that listens beyond loopback, in a container say, wants its control token too: SIM_CONTROL_TOKEN=… bash first_steps.sh
# Ends with 0, or with 1 at the first expectation that does not hold. /api/v1 is the simulator's own: no public one of the portal is known.
set -euo pipefail

BASE=${BASE:-http://127.0.0.1:8000}
JSON='Content-Type: application/json'

# Two planes: /control/v1 is the test's (worlds, clock, scenarios, faults); /api/v1 is the portal's, and knows nothing of tests.
control() { curl -sS -X "$1" "$BASE/control/v1/$2" -H "Authorization: Bearer ${SIM_CONTROL_TOKEN:-}" -H "$JSON" "${@:3}"; }
portal() { curl -sS -X "$1" "$BASE/api/v1/$2" -H "Authorization: Bearer $TOKEN" -H "$JSON" "${@:3}"; }

# The text members of that name in an answer, and the first of them. Enough for these answers; a client of yours would use jq.
all() { { grep -ao "\"$1\": *\"[^\"]*\"" || true; } | cut -d '"' -f 4; }
first() { all "$1" | sed -n 1p; }

expect() {
  if [ "$2" != "$3" ]; then
    printf 'FAILED  %s: expected %s, got %s\n' "$1" "$2" "$3" >&2
    exit 1
  fi
  printf 'ok  %-28s %s\n' "$1" "$3"
}

# ── a world: enterprises, accounts, a customs house, and a clock frozen at 2021-12-01 09:00; it goes whatever happens ──
WORLD=$(control POST sandboxes -d '{"name": "first steps in curl"}')
SANDBOX=$(first id <<<"$WORLD")
trap 'control DELETE "sandboxes/$SANDBOX"' EXIT
TOKEN=$(grep -ao '"role": *"cardless"[^}]*' <<<"$WORLD" | first token) # the enterprise that is not registered yet

# ── draft (暂存) the reference registration; under its key it is drafted once, however often this is sent ──
REGISTRATION=$(curl -sS "$BASE/first-steps/reference-registration.json")
FILING=$(portal POST filings -H 'Idempotency-Key: first-steps-1' -d "$REGISTRATION" | first id)
expect 'drafted' draft "$(portal GET "filings/$FILING" | first status)"

# ── a documented refusal: problem+json with a stable code, the FAQ number and the document's words ──
ANSWER=$(portal PATCH "filings/$FILING" -d '{"content": {"express_operator": true}}' -w '\n%{http_code} %{content_type}')
expect 'refused as' '422 application/problem+json' "$(tail -n 1 <<<"$ANSWER")"
expect 'its code' express_not_allowed "$(first code <<<"$ANSWER")"
expect 'its FAQ number' 2.19 "$(first faq <<<"$ANSWER")"

# ── declare (申报), and let a day pass: each reply of the platform and of customs comes at its own moment ──
expect 'declared' declared "$(portal POST "filings/$FILING/declare" -H 'Idempotency-Key: first-steps-2' | first status)"
control POST "sandboxes/$SANDBOX/clock/advance" -d '{"by": "P1D"}' >/dev/null
expect 'a day later' approved "$(portal GET "filings/$FILING" | first status)"
expect 'timeline' 'draft declared sent stored manual_review approved' "$(portal GET "filings/$FILING/timeline" | all to | xargs)"
expect 'receipts (回执)' '成功发往海关 海关入库成功 转人工审核 审批通过' "$(portal GET "filings/$FILING/receipts" | all text | xargs)"

# ── the same from the beginning (tokens stay valid), but customs refuses: a registration's reason is told by customs only (2.6) ──
control POST "sandboxes/$SANDBOX/reset" >/dev/null
control PUT "sandboxes/$SANDBOX/scenario" -d '{"scenario": "reject; reason=address_mismatch"}' >/dev/null
FILING=$(portal POST filings -H 'Idempotency-Key: first-steps-3' -d "$REGISTRATION" | first id)
expect 'declared again' declared "$(portal POST "filings/$FILING/declare" | first status)"
control POST "sandboxes/$SANDBOX/clock/advance" -d '{"until": "idle"}' >/dev/null
expect 'rejected' rejected "$(portal GET "filings/$FILING" | first status)"
expect 'no reason in the receipts' '' "$(portal GET "filings/$FILING/receipts" | all reason)"

# ── the way on is a copy. The line breaks after it was made, before the answer: send it again with the same key ──
control POST "sandboxes/$SANDBOX/faults" \
  -d '{"fault": "cut_after_commit", "match": {"method": "POST", "path": "/api/v1/filings/*/copy"}, "times": 1}' >/dev/null
if portal POST "filings/$FILING/copy" -H 'Idempotency-Key: first-steps-4' >/dev/null 2>&1; then
  expect 'the line' broken whole
fi
ANSWER=$(portal POST "filings/$FILING/copy" -H 'Idempotency-Key: first-steps-4' -i)
expect 'answered from the store' 1 "$(grep -aic '^idempotency-replayed: true' <<<"$ANSWER")"
expect 'copied from' "$FILING" "$(first copied_from <<<"$ANSWER")"
expect 'filings: it and one copy' 2 "$(portal GET filings | all number | wc -l | xargs)"

# ── the journal: what this client really sent ──
VERIFIED=$(control POST "sandboxes/$SANDBOX/journal/verify" \
  -d '{"match": {"method": "POST", "path": "/api/v1/filings/*/copy", "status": 201}, "count": {"exactly": 2}}')
expect 'sent twice, done once' '"ok":true' "$(grep -ao '"ok": *true' <<<"$VERIFIED" | tr -d ' ')"
