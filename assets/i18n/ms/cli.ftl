## What the command line says to the person who starts a station, a central or the demo.
cli-no-display = Tiada paparan untuk tetingkap. Mulakan dalam sesi desktop, atau tanpa tetingkap: packbench demo --headless
cli-missing-library = Tetingkap memerlukan { $library }. Pasang: apt install { $package }
cli-demo-ready = Gudang rekaan sedia: { $orders } pesanan sebenar Online Retail; petak, berat, saiz dan alamat adalah rekaan
cli-central-listens = Pusat mendengar di { $address }
cli-importing = Mengimport: { $n } baris
cli-imported = { $orders } pesanan diimport, { $skipped } baris dilangkau
cli-row-skipped = Baris { $line } dilangkau: { $why }
cli-station-code = Kod gandingan { $code }, sah hingga { $time }
