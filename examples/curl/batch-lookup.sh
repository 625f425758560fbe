#!/usr/bin/env bash
# Looks any number of URLs up with curl and jq: reads them a line at a time, asks for a thousand in a request, and prints
# a line of JSON for each as soon as its answer is there. What failed and may pass is asked for again, twice.
#
#   ./batch-lookup.sh < urls.txt > results.jsonl
set -euo pipefail

url=${CRAWLGATE_URL:-http://127.0.0.1:4000}
# The gateway's address, as its command line and Python client take it, or the whole of it.
if [[ $url =~ ^[a-z]+://[^/]+/?$ ]]; then url=${url%/}/graphql; fi
# CRAWLGATE_MAX_URLS of the gateway, unless it is set to take less; that is learnt from its refusal.
size=1000
headers=(-H 'content-type: application/json')
if [ -n "${CRAWLGATE_KEY:-}" ]; then headers+=(-H "authorization: Bearer $CRAWLGATE_KEY"); fi

query='query BatchLookup($urls: [String!]!) {
  crawlResults(urls: $urls, outcome: SUCCESS) { url title statusCode createdAt cache { source status } }
}'

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "$size" >"$work/size"

# Lines of URLs to lines of request bodies, each of at most as many URLs as $work/size says.
bodies() {
  jq -cnR --arg query "$query" --argjson size "$(<"$work/size")" '
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

# How many URLs a request of $1 URLs may have that was refused for its size; 0 where it was refused for another reason.
fitting() {
  jq --argjson asked "$1" '(.errors[0].extensions // {})
    | if $asked <= 1 then 0
      elif .code == "TOO_MANY_URLS" then ([1, .limit] | max)
      elif .code == "TOO_COSTLY" then ([1, ($asked * .limit / .given | floor)] | max)
      elif .code == "PAYLOAD_TOO_LARGE" then ($asked / 2 | floor)
      else 0 end' "$work/answer"
}

# look_up ROUND: URLs on standard input, lines on standard output; what is to be asked for again goes to $work/again.
look_up() {
  local done=0 body asked status fits
  bodies | while IFS= read -r body; do
    asked=$(jq '.variables.urls | length' <<<"$body")
    status=
    fits=$asked
    if [ "$asked" -le "$(<"$work/size")" ]; then
      status=$(curl -sS --compressed --retry 4 --retry-connrefused --max-time 60 "${headers[@]}" --data-binary @- \
        -o "$work/answer" -w '%{http_code}' "$url" <<<"$body")
      if [ "$status" != 200 ]; then
        fits=$(fitting "$asked" 2>/dev/null || echo 0)
        if [ "$fits" -eq 0 ]; then
          echo "stopped: $url answers HTTP $status: $(head -c 500 "$work/answer")" >&2
          exit 1
        fi
        echo "the gateway takes $fits URLs a request" >&2
        echo "$fits" >"$work/size"
      fi
    fi
    # As read before that was learnt: in smaller parts now.
    if [ "$status" != 200 ]; then
      jq -r '.variables.urls[]' <<<"$body" | look_up "$1"
      continue
    fi
    lines "$body" <"$work/answer" >"$work/lines"
    if [ "$1" -lt 3 ]; then
      jq -r 'select(.error | IN("STORE_UNAVAILABLE", "STORE_THROTTLED", "DEADLINE_EXCEEDED")) | .url' "$work/lines" >>"$work/again"
      jq -c 'select(.error | IN("STORE_UNAVAILABLE", "STORE_THROTTLED", "DEADLINE_EXCEEDED") | not)' "$work/lines"
    else
      cat "$work/lines"
    fi
    done=$((done + asked))
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
