//! Which part of a program this process is, where a launcher started the program several times: `torchrun`, SLURM, Open MPI,
//! Lightning; or where it says so itself.

use std::os::unix::process::parent_id;
use std::sync::atomic::{AtomicU32, Ordering};
use std::{env, fs};

/// What the program said of itself, and one more; 0 if nothing.
static TOLD: AtomicU32 = AtomicU32::new(0);
/// Which child of its parent the first rank is, from 1 on; 0 if that is not known.
static FIRST: AtomicU32 = AtomicU32::new(0);

/// The program says which rank this process is: it is of a group that no launcher made. What the environment says counts first.
/// `first`: the first rank is the child of this number, from 1 on, of the process that started all of them.
pub fn tell(number: u32, first: Option<u32>) {
    if !is_off() {
        FIRST.store(first.unwrap_or(0), Ordering::Relaxed);
        TOLD.store(number.saturating_add(1), Ordering::Relaxed);
    }
}

/// The rank of this process as the program told it, if that is not the first.
pub fn told() -> Option<u32> {
    TOLD.load(Ordering::Relaxed).checked_sub(1).filter(|number| *number > 0)
}

/// As the program told it. A process starts one child of a number, ever.
fn by_itself() -> Option<Rank> {
    let number = TOLD.load(Ordering::Relaxed).checked_sub(1)?;
    let first = Some(FIRST.load(Ordering::Relaxed)).filter(|first| *first > 0);
    Some(Rank { number, job: first.and_then(|first| Some(format!("group {} {first}", parent()?))) })
}

fn is_off() -> bool {
    let ranks = variable("TRACKLINE_RANKS").unwrap_or_default().to_ascii_lowercase();
    matches!(ranks.as_str(), "off" | "false" | "no" | "0")
}

/// One of several processes that are one program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rank {
    /// From 0 on.
    pub number: u32,
    /// What all processes of this start of the program have in common, and no other start has; absent where that is not
    /// known.
    pub job: Option<String>,
}

impl Rank {
    /// As the environment says; absent if the process is alone, or `TRACKLINE_RANKS` is `off`.
    pub fn of_process() -> Option<Self> {
        if is_off() {
            return None;
        }
        let launched = [torchrun as fn() -> Option<Self>, slurm, open_mpi, lightning]
            .into_iter()
            .find_map(|launcher| launcher());
        // What `trackline run` started knows its run, which no other start has.
        let launched =
            launched.map(|found| Self { job: variable("TRACKLINE_RUN_ID").or(found.job), ..found });
        launched.or_else(by_itself)
    }

    /// The id of the run number `count` that every rank of the job starts.
    pub fn run_id(&self, count: u32) -> Option<String> {
        let key = format!("{} {count}", self.job.as_ref()?);
        Some(blake3::hash(key.as_bytes()).to_hex()[..32].to_owned())
    }
}

/// `torchrun`, and programs that set what it sets.
fn torchrun() -> Option<Rank> {
    let number = several("RANK", "WORLD_SIZE")?;
    let nodes = variable("GROUP_WORLD_SIZE").map_or(1, |count| count.parse().unwrap_or(1));
    let attempt = variable("TORCHELASTIC_RESTART_COUNT").unwrap_or_default();
    let named = variable("TORCHELASTIC_RUN_ID").filter(|id| id != "none");
    let job = if nodes <= 1 {
        // The same port and the same name serve one start after another; their parent is another one each time.
        parent().map(|parent| format!("parent {parent} {attempt}"))
    } else {
        let place =
            [variable("MASTER_ADDR"), variable("MASTER_PORT")].map(Option::unwrap_or_default).join(":");
        slurm_job().or(named).map(|name| format!("torchrun {name} {place} {attempt}"))
    };
    Some(Rank { number, job })
}

fn slurm() -> Option<Rank> {
    let number = several("SLURM_PROCID", "SLURM_NTASKS")?;
    Some(Rank { number, job: slurm_job() })
}

fn slurm_job() -> Option<String> {
    let job = variable("SLURM_JOB_ID")?;
    let [step, restarts] =
        ["SLURM_STEP_ID", "SLURM_RESTART_COUNT"].map(|name| variable(name).unwrap_or_default());
    Some(format!("slurm {job}.{step} {restarts}"))
}

fn open_mpi() -> Option<Rank> {
    let number = several("OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE")?;
    let job = variable("PMIX_NAMESPACE").or_else(|| variable("OMPI_MCA_ess_base_jobid"));
    Some(Rank { number, job: job.map(|job| format!("mpi {job}")) })
}

/// Lightning starts the script again for each rank but the first, which is under way then and has nothing in common with
/// them that no other start has.
fn lightning() -> Option<Rank> {
    let [node, local] = ["NODE_RANK", "LOCAL_RANK"].map(|name| variable(name)?.parse::<u32>().ok());
    let each = variable("LOCAL_WORLD_SIZE").and_then(|size| size.parse().ok()).unwrap_or(1);
    let number = node.unwrap_or(0).saturating_mul(each).saturating_add(local.unwrap_or(0));
    let size = variable("WORLD_SIZE")?.parse::<u32>().ok()?;
    (number > 0 && size > 1).then_some(Rank { number, job: None })
}

/// The rank, if there is more than one.
fn several(rank: &str, size: &str) -> Option<u32> {
    let [rank, size] = [rank, size].map(|name| variable(name)?.parse::<u32>().ok());
    rank.filter(|rank| size.is_some_and(|size| size > 1 && *rank < size))
}

/// The process that started this one and its siblings, as no other process ever is.
fn parent() -> Option<String> {
    let parent = parent_id();
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
    let stat = fs::read_to_string(format!("/proc/{parent}/stat")).ok()?;
    // Behind the name, which may hold anything; the start time is field 22.
    let began = stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.to_owned();
    Some(format!("{} {parent} {began}", boot.trim()))
}

fn variable(name: &str) -> Option<String> {
    env::var(name).ok().filter(|value| !value.is_empty())
}
