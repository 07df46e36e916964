## What the command line says to the person who starts a station, a central or the demo.
cli-no-display = There is no display to show the window on. Start it in a desktop session, or run without a window: packbench demo --headless
cli-missing-library = The window needs { $library }. Install it: apt install { $package }
cli-demo-ready =
    A made warehouse is ready: { $orders } real { $orders ->
        [one] order
       *[other] orders
    } of Online Retail; bins, weights, sizes and addresses are made up
cli-central-listens = Central listens at { $address }
cli-importing =
    Importing: { $n } { $n ->
        [one] row
       *[other] rows
    }
cli-imported =
    Imported { $orders } { $orders ->
        [one] order
       *[other] orders
    }, { $skipped } { $skipped ->
        [one] row
       *[other] rows
    } skipped
cli-row-skipped = Row { $line } skipped: { $why }
cli-station-code = Pairing code { $code }, good until { $time }
