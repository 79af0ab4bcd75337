#!/bin/bash
# schema.sh PROGRAM SCENE...: the JSON of each scene is what the schema says, and what it
# does not say is refused.
set -eu

program=$1 schema=$(dirname "$0")/../../share/bpfpath.schema.json
shift
# Another python3 may come first in the path.
python=$(type -P /usr/bin/python3 python3 | head -n 1)
"${python:-false}" -c 'import jsonschema' 2>/dev/null ||
	{ echo "SKIP there is no jsonschema for python3 here (package python3-jsonschema)"; exit 77; }

for scene; do
	"$program" "$scene" json
done | "$python" -c '
import json, jsonschema, sys

validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
validator.check_schema(validator.schema)
count = 0
for line in sys.stdin:
    path = json.loads(line)
    for error in validator.iter_errors(path):
        sys.exit("path %s: %s: %s" % (path["id"], error.json_path, error.message))
    path["steps"][0]["unheard-of"] = 1
    assert not validator.is_valid(path)
    count += 1
assert count > 20, count
print(count, "paths")' "$schema"
