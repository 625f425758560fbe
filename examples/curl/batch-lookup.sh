#!/usr/bin/env bash
# Looks any number of URLs up with curl and jq: reads them a line at a time, asks for a thousand in a request, and prints
# a line of JSON for each as soon as its answer is there. What failed and may pass is asked for again, twice.
#
#   ./batch-lookup.sh < urls.txt > results.jsonl
set -euo pipefail

url=${CRAWLGATE_URL:-http://127.0.0.1:4000/graphql}
size=${CRAWLGATE_MAX_URLS:-1000}
headers=(-H 'content-type: application/json')
if [ -n "${CRAWLGATE_KEY:-}" ]; then headers+=(-H "authorization: Bearer $CRAWLGATE_KEY"); fi

query='query BatchLookup($urls: [String!]!) {
  crawlResults(urls: $urls, outcome: SUCCESS) { url title statusCode createdAt cache { source status } }
}'

work=$(mktemp -d)
stopped() {
  local status=$?
  rm -rf "$work"
  [ "$status" -eq 0 ] || echo "stopped, a request failed; HTTP 400 can mean fewer URLs fit: set CRAWLGATE_MAX_URLS as the gateway has it" >&2
}
trap stopped EXIT

# Lines of URLs to lines of request bodies, each of at most $size URLs.
bodies() {
  jq -cnR --arg query "$query" --argjson size "$size" '
    foreach ((inputs | select(. != "")), null) as $url ({ open: [], full: null };
      if $url == null then { open: [], full: .open }
      elif (.open | length) + 1 < $size then { open: (.open + [$url]), full: null }
      else { open: [], full: (.open + [$url]) } end;
      .full | select(length > 0) | { query: $query, variables: { urls: . } })'
}

# An answer to a line for each of its URLs: the result, null where nothing is stored, or the code of its error.
lines() {
  jq -c --argjson body "$1" '
    . as $answer
    | ([.errors[]? | select(.path[1] != null) | { key: (.path[1] | tostring), value: .extensions.code }] | from_entries) as $codes
    | $body.variables.urls | to_entries[]
    | { url: .value } + if $answer.data == null then { error: ($answer.errors[0].extensions.code // $answer.errors[0].message) }
      elif $codes[.key | tostring] then { error: $codes[.key | tostring] }
      else { result: $answer.data.crawlResults[.key] } end'
}

# look_up ROUND: URLs on standard input, lines on standard output; what is to be asked for again goes to $work/again.
look_up() {
  local done=0 body
  bodies | while IFS= read -r body; do
    curl -fsS --compressed --retry 4 --retry-connrefused --max-time 60 "${headers[@]}" --data-binary @- "$url" <<<"$body" |
      lines "$body" >"$work/lines"
    if [ "$1" -lt 3 ]; then
      jq -r 'select(.error | IN("STORE_UNAVAILABLE", "STORE_THROTTLED", "DEADLINE_EXCEEDED")) | .url' "$work/lines" >>"$work/again"
      jq -c 'select(.error | IN("STORE_UNAVAILABLE", "STORE_THROTTLED", "DEADLINE_EXCEEDED") | not)' "$work/lines"
    else
      cat "$work/lines"
    fi
    done=$((done + $(wc -l <"$work/lines")))
    echo "round $1: $done looked up" >&2
  done
}

cat >"$work/open"
for round in 1 2 3; do
  : >"$work/again"
  look_up "$round" <"$work/open"
  [ -s "$work/again" ] || break
  mv "$work/again" "$work/open"
done
