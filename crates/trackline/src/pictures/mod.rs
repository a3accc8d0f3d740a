//! Figures that no thread of the program draws: a thread of ours does, or another process.

mod renderer;

use std::fmt;
use std::io;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use trackline_capture::Variables;
use trackline_model::{Invalid, Tag};

pub use renderer::Interpreter;

use crate::fork::PerProcess;
use crate::{RunHandle, Source, artifact, own_thread};
use renderer::Renderer;

/// A renderer that has had nothing to draw for so long ends.
const IDLE: Duration = Duration::from_secs(20);
/// The tag of a run that a figure is missing from.
const ERROR_TAG: &str = "trackline.error.figures";

/// A figure that was handed over. It is drawn in the background, whether it is kept or not, unless it is dropped before.
#[derive(Clone)]
pub struct Picture(Arc<Mutex<State>>);

enum State {
    Waiting(Work),
    Drawn(Vec<u8>),
    /// Why there is no picture.
    Failed(String),
}

enum Work {
    Here(Box<dyn FnOnce() -> Vec<u8> + Send>),
    There(Vec<u8>, Interpreter, Variables),
}

enum Task {
    Draw(Picture),
    Keep(Picture, RunHandle, String),
}

/// The thread that has figures drawn, started with the first one.
#[derive(Default)]
struct Queue {
    state: Mutex<Pending>,
    done: Condvar,
}

#[derive(Default)]
struct Pending {
    tasks: Option<Sender<Task>>,
    /// So many pictures are to be kept.
    wanted: usize,
}

fn queue() -> &'static Arc<Queue> {
    static QUEUES: OnceLock<PerProcess<Queue>> = OnceLock::new();
    QUEUES.get_or_init(|| PerProcess::new(Queue::default())).get(Queue::default)
}

impl Picture {
    /// What `draw` gives.
    #[must_use]
    pub fn of(draw: impl FnOnce() -> Vec<u8> + Send + 'static) -> Self {
        Self::begin(Work::Here(Box::new(draw)))
    }

    /// What another process makes of a figure, which is told as `by` understands it.
    #[must_use]
    pub fn drawn_by(by: Interpreter, figure: Vec<u8>) -> Self {
        Self::begin(Work::There(figure, by, Variables::now()))
    }

    fn begin(work: Work) -> Self {
        let picture = Self(Arc::new(Mutex::new(State::Waiting(work))));
        queue().send(Task::Draw(picture.clone()));
        picture
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_wanted(&self) -> bool {
        Arc::strong_count(&self.0) > 1
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture").finish_non_exhaustive()
    }
}

impl RunHandle {
    /// Keeps a picture as the artifact `path`, once it is drawn. If it cannot be, the run says so in the tag
    /// `trackline.error.figures`.
    ///
    /// # Errors
    /// For a path that leads out of the run's artifacts.
    pub fn log_picture(&self, picture: &Picture, path: &str) -> Result<(), Invalid> {
        let _timed = self.timed();
        let path = artifact::checked_file(path)?;
        if !self.is_off() {
            queue().send(Task::Keep(picture.clone(), self.clone(), path));
        }
        Ok(())
    }
}

/// Waits until the pictures that are to be kept are, or for `deadline`.
pub fn wait(deadline: Option<Instant>) {
    let queue = queue();
    let mut state = queue.lock();
    while state.wanted > 0 {
        let left = deadline.map_or(Duration::MAX, |at| at.saturating_duration_since(Instant::now()));
        if left.is_zero() {
            return;
        }
        state = queue.done.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
    }
}

impl Queue {
    fn send(self: &Arc<Self>, task: Task) {
        let mut state = self.lock();
        if state.tasks.is_none() {
            let (sender, receiver) = channel();
            let queue = Arc::clone(self);
            // Without a thread there are no pictures.
            if own_thread::start("trackline-figures", move || queue.work(&receiver)).is_err() {
                return;
            }
            state.tasks = Some(sender);
        }
        let keeps = matches!(task, Task::Keep(..));
        if state.tasks.as_ref().is_some_and(|tasks| tasks.send(task).is_ok()) && keeps {
            state.wanted += 1;
        }
    }

    fn work(&self, tasks: &Receiver<Task>) {
        let mut easel = Easel::default();
        loop {
            // A defect in drawing must not keep those waiting who wait for its end.
            match tasks.recv_timeout(IDLE) {
                Ok(Task::Draw(picture)) => drop(catch_unwind(AssertUnwindSafe(|| easel.draw(&picture)))),
                Ok(Task::Keep(picture, run, path)) => {
                    let _ = catch_unwind(AssertUnwindSafe(|| keep(&picture, &run, &path)));
                    self.lock().wanted -= 1;
                    self.done.notify_all();
                }
                Err(RecvTimeoutError::Timeout) => easel = Easel::default(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Pending> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Where figures are drawn: the renderer, once there is one.
#[derive(Default)]
struct Easel(Option<(Interpreter, Renderer)>);

impl Easel {
    fn draw(&mut self, picture: &Picture) {
        let begun = State::Failed("drawing ended in the middle".to_owned());
        let before = mem::replace(&mut *picture.state(), begun);
        let State::Waiting(work) = before else { return };
        if !picture.is_wanted() {
            return;
        }
        let drawn = match work {
            Work::Here(draw) => Ok(draw()),
            Work::There(figure, by, variables) => self
                .drawn_by(by, &variables, &figure)
                .unwrap_or_else(|error| Err(format!("the process that draws has ended: {error}"))),
        };
        *picture.state() = drawn.map_or_else(State::Failed, State::Drawn);
    }

    fn drawn_by(
        &mut self,
        by: Interpreter,
        variables: &Variables,
        figure: &[u8],
    ) -> io::Result<Result<Vec<u8>, String>> {
        let mut renderer = match self.0.take() {
            Some((known, renderer)) if known == by => renderer,
            _ => Renderer::start(&by, variables)?,
        };
        // One that has ended is not asked again.
        let drawn = renderer.draw(figure)?;
        self.0 = Some((by, renderer));
        Ok(drawn)
    }
}

fn keep(picture: &Picture, run: &RunHandle, path: &str) {
    let reason = match &*picture.state() {
        // The path is good.
        State::Drawn(drawn) => return drop(run.files().keep_bytes(drawn, path)),
        State::Failed(reason) => reason.clone(),
        // There was no thread to draw it.
        State::Waiting(_) => return,
    };
    let tag = Tag { key: ERROR_TAG.to_owned(), value: format!("{path}: {reason}") };
    run.with_source(Source::hook("trackline")).keep_tags(vec![tag]);
}
