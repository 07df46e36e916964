#!/bin/sh
# Sets up the peer of the bench `boxes`: BoxPacker 4.2.0 (PHP, MIT licence), fetched from its public repository into
# target/peers. Needs git, PHP 8.2 or newer on the command line, and the package php-psr-log.
set -eu
cd "$(dirname "$0")/../.."
folder=target/peers/boxpacker
if [ ! -d "$folder/src" ]; then
    rm -rf "$folder"
    mkdir -p target/peers
    git clone --quiet --depth 1 --branch 4.2.0 https://github.com/dvdoug/BoxPacker "$folder"
fi
php -r 'exit(PHP_VERSION_ID >= 80200 && is_file("/usr/share/php/Psr/Log/LoggerInterface.php") ? 0 : 1);' || {
    echo "BoxPacker needs PHP 8.2 and the package php-psr-log" >&2
    exit 1
}
echo "$folder"
