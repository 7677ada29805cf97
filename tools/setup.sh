# Shared by ./run and ./test: a virtual environment in .venv with pinned, hash-checked packages and this program.

find_python() {
  local name
  for name in "${PYTHON:-}" python3.11 python3.12 python3.13 python3.14 python3 python; do
    [ -n "$name" ] || continue
    if "$name" -c 'import sys; sys.exit(not ((3, 11) <= sys.version_info[:2] <= (3, 14)))' >/dev/null 2>&1; then
      echo "$name"
      return
    fi
  done
  echo "cobalamin needs Python 3.11, 3.12, 3.13 or 3.14; none was found. Install one, or set PYTHON to it." >&2
  exit 1
}

# setup_environment WHAT: `run` for the program alone, `test` with the development packages.
setup_environment() {
  local what="$1" list="$here/requirements/$1.txt" stamp="$here/.venv/.ready-$1" wanted
  wanted="$(cat "$list" "$here/pyproject.toml" | cksum)"
  if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ] && "$here/.venv/bin/python" -c '' 2>/dev/null; then
    return
  fi
  echo "Setting up .venv (only the first time) ..." >&2
  if ! "$here/.venv/bin/python" -c '' 2>/dev/null; then
    rm -rf "$here/.venv"
    "$(find_python)" -m venv "$here/.venv"
  fi
  "$here/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$list" >&2
  "$here/.venv/bin/python" -m pip install --quiet --disable-pip-version-check --no-deps -e "$here" >&2
  echo "$wanted" > "$stamp"
}
