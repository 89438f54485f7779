# Sourced by scripts/run and scripts/test: makes .venv from a hash-pinned lock, once per lock file.
# usage: prepare LOCKFILE

prepare() {
    local lock=$1 mark=.venv/.installed-from python=${PYTHON:-}
    if [ -z "$python" ]; then
        for candidate in python3.11 python3.12 python3.13 python3; do
            if command -v "$candidate" >/dev/null 2>&1 && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
                python=$candidate
                break
            fi
        done
    fi
    if [ -z "$python" ]; then
        echo "没有找到 Python 3.11 或更新的版本。请先安装 python3（Debian 12：apt-get install python3 python3-venv）。" >&2
        return 1
    fi
    local want
    want=$(cat "$lock" pyproject.toml | sha256sum | cut -d' ' -f1)
    if [ -x .venv/bin/mishen ] && grep -qx "$want" "$mark" 2>/dev/null; then
        return 0
    fi
    echo "[1/3] 建立运行环境 .venv ……"
    if ! "$python" -m venv .venv 2>/dev/null; then
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
            echo "      安装 python3-venv ……"
            apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null
            "$python" -m venv --clear .venv
        else
            echo "不能建立虚拟环境。请先安装 python3-venv（Debian 12：apt-get install python3-venv）。" >&2
            return 1
        fi
    fi
    echo "[2/3] 安装依赖（按校验和逐个核对，约一两分钟）……"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r "$lock"
    echo "[3/3] 安装密审 ……"
    .venv/bin/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
    # Both lock files may have been installed into one .venv: remember each.
    echo "$want" >> "$mark"
}
