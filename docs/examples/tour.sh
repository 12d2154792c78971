#!/usr/bin/env bash
# The API with nothing but curl: gets a token, has a profile crawled, waits, lists its most seen posts.
#
#   export API_URL=http://localhost:5000 API_KEY=tk_…
#   docs/examples/tour.sh khaby.lame
set -euo pipefail
user=${1:?give a username, for example khaby.lame}

# Reads one field of a JSON answer. With jq: jq -r .NAME
field() { python3 -c 'import json, sys; print(json.load(sys.stdin)[sys.argv[1]])' "$1"; }
# Fails, and shows the answer, when the API says no; asks again when it says "later".
ask() {
    local path=$1
    shift
    curl --silent --show-error --fail-with-body --retry 5 "$API_URL$path" \
        --header "Authorization: Bearer $token" --header 'Content-Type: application/json' "$@"
}

token=
token=$(ask /api/v1/auth/token --data "{\"api_key\": \"$API_KEY\"}" | field access_token)
job=$(ask /api/jobs --data "{\"url\": \"https://www.tiktok.com/@$user\", \"options\": {\"max_videos\": 20}}" | field job_id)

status=pending
while [ "$status" = pending ] || [ "$status" = running ]; do
    sleep 2
    status=$(ask "/api/jobs/$job" | field status)
    echo "job $job: $status"
done
[ "$status" = completed ]

id=$(ask "/api/users/$user" | field id)
ask "/api/videos?user_id=$id&sort=views&limit=5"
