<?php

// The peer of the bench `boxes`: packs every order of a file with BoxPacker and prints one line for each:
// order, boxes, nanoseconds. Called by the bench; set up by benches/peers/boxpacker.sh.
//
// php boxpacker.php FOLDER_OF_BOXPACKER BOXES.csv ORDERS.csv

declare(strict_types=1);

[, $folder, $boxesFile, $ordersFile] = $argv;

spl_autoload_register(static function (string $class) use ($folder): void {
    $boxPacker = 'DVDoug\\BoxPacker\\';
    if (str_starts_with($class, $boxPacker)) {
        $path = str_replace('\\', '/', substr($class, strlen($boxPacker))) . '.php';
        foreach (['src', 'tests'] as $part) {
            if (is_file("$folder/$part/$path")) {
                require "$folder/$part/$path";
                return;
            }
        }
    }
    $log = '/usr/share/php/' . str_replace('\\', '/', $class) . '.php';
    if (str_starts_with($class, 'Psr\\Log\\') && is_file($log)) {
        require $log;
    }
});

use DVDoug\BoxPacker\Packer;
use DVDoug\BoxPacker\Rotation;
use DVDoug\BoxPacker\Test\TestBox;
use DVDoug\BoxPacker\Test\TestItem;

/** @return list<list<string>> the rows after the first */
function rows(string $file): array
{
    $handle = fopen($file, 'rb');
    fgetcsv($handle, escape: '');
    $rows = [];
    while ($row = fgetcsv($handle, escape: '')) {
        $rows[] = $row;
    }
    fclose($handle);
    return $rows;
}

$boxes = [];
foreach (rows($boxesFile) as $b) {
    $boxes[] = new TestBox($b[0], ...array_map('intval', array_slice($b, 1, 8)));
}
$orders = [];
foreach (rows($ordersFile) as $r) {
    $orders[$r[0]][] = $r;
}
foreach ($orders as $name => $lines) {
    $begun = hrtime(true);
    $packer = new Packer();
    foreach ($boxes as $box) {
        $packer->addBox($box);
    }
    foreach ($lines as $l) {
        $item = new TestItem($l[2], (int) $l[3], (int) $l[4], (int) $l[5], (int) $l[6], Rotation::BestFit);
        $packer->addItem($item, (int) $l[1]);
    }
    $count = count($packer->pack());
    $took = hrtime(true) - $begun;
    echo "$name,$count,$took\n";
}
