#!/usr/bin/env bash
# Brings the public instances of order batching (Henn and Wäscher, Muter and Öncan) and the best values known for them into a folder, for
# benches/batches.rs. They are data of others and stay out of this repository.
# Usage: benches/peers/batches.sh [FOLDER]    (target/peers/batches where none is told)
# Exit status: 0 they are there, 3 they cannot be had here (no git, no network): what is missing is said on standard error.
set -u
here=$(cd "$(dirname "$0")/../.." && pwd)
folder=${1:-$here/target/peers/batches}
instances=https://github.com/S-ahj800/JOBPRP-Hybrid-Branch-and-Price
values=https://github.com/kit-dsm/ware_ops_pipes
mkdir -p "$folder"
brought() { # REPOSITORY NAME PATH
    rm -rf "$folder/$2"
    if ! { git clone --quiet --depth 1 --filter=blob:none --sparse "$1" "$folder/$2" &&
        git -C "$folder/$2" sparse-checkout set --no-cone "$3"; } 2>"$folder/setup.log"; then
        echo "the instances cannot be brought (no network?): $(tail -n 1 "$folder/setup.log")" >&2
        exit 3
    fi
}
if ! command -v git >/dev/null; then
    echo "the instances cannot be brought: there is no git" >&2
    exit 3
fi
brought "$instances" instances '/src/data/'
brought "$values" values '/data/reference/processed/'
rm -rf "$folder/HennWaescher" "$folder/Muter"
mv "$folder/instances/src/data/HennWaescher" "$folder/instances/src/data/Muter" "$folder/"
mv "$folder/values/data/reference/processed/"{henn_waescher,muter_oencan}_wg2023.csv "$folder/"
rm -rf "$folder/instances" "$folder/values"
echo "in $folder"
