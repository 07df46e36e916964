#![allow(dead_code)]
#[path="/work/lab/wt-bench/tests/it/device_support.rs"] mod device_support;
#[path="/work/lab/wt-bench/tests/it/device_pty.rs"] mod device_pty;
#[path="/work/lab/wt-bench/tests/it/device_plugs.rs"] mod device_plugs;
#[path="/work/lab/wt-bench/tests/it/device_access.rs"] mod device_access;
#[path="/work/lab/wt-bench/tests/it/cli_kit.rs"] mod cli_kit;
#[path="/work/lab/wt-bench/tests/it/cli_doctor.rs"] mod cli_doctor;
