//! A server over a folder that is killed, and started again, while clients log.

use std::sync::Mutex;

use crate::clients::{assert_kept, log_while, new_run, wait_for_more};
use crate::project::Project;
use crate::served::Served;

const KILLS: usize = 3;

fn serve(project: &Project) -> Served {
    Served::start(&mut project.command(&["server", "--port", "0"]))
}

#[test]
fn what_was_acknowledged_survives_kills_of_the_server() {
    let project = Project::empty();
    let mut served = serve(&project);
    let run_id = new_run(&served.address);
    let addresses = Mutex::new(vec![served.address.clone()]);
    let taken = log_while(&addresses, &run_id, || {
        for _ in 0..KILLS {
            wait_for_more(&served.address, &run_id);
            served.kill();
            served = serve(&project);
            *addresses.lock().unwrap() = vec![served.address.clone()];
        }
    });
    assert_kept(&served.address, &run_id, &taken);
}
