use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use futures_util::FutureExt;
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Error as Failure, Statement};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::carrier::Carrier;
use super::error::Trouble;
use crate::Result;

/// Statements that are kept prepared on each connection.
const STATEMENTS: usize = 256;

/// Statements by their text, for each choice of types of their values.
type Prepared = HashMap<String, Vec<(Vec<Type>, Statement)>>;

pub(super) type Waited<T> = std::result::Result<T, Trouble>;

/// A connection to the server. Statements are sent one after the other, but may be sent before the one before is
/// answered.
pub(super) struct Session {
    pub client: Client,
    carrier: Carrier,
    /// How long an answer may take.
    patience: Duration,
    /// Whether an answer took longer: then nothing is known of the connection.
    silent: Cell<bool>,
    prepared: RefCell<Prepared>,
    /// Whether statements that begin a transaction were sent, and none yet that end it.
    open: Cell<bool>,
}

impl Session {
    /// Opens a connection, on which an answer may take so long.
    pub fn open(config: &Config, tls: MakeRustlsConnect, patience: Duration) -> Result<Self> {
        let (client, carrier) = Carrier::connect(config, tls, patience)?;
        let (prepared, silent, open) = (RefCell::default(), Cell::new(false), Cell::new(false));
        Ok(Self { client, carrier, patience, silent, prepared, open })
    }

    /// Waits for an answer, but not for ever.
    fn wait<T>(&self, answer: impl Future<Output = std::result::Result<T, Failure>>) -> Waited<T> {
        match self.carrier.wait(async { tokio::time::timeout(self.patience, answer).await }) {
            Ok(done) => done.map_err(Trouble::Failed),
            Err(_) => {
                self.silent.set(true);
                Err(Trouble::Silent(self.patience))
            }
        }
    }

    /// Waits for an answer, however long it takes.
    pub fn wait_long<T>(&self, answer: impl Future<Output = std::result::Result<T, Failure>>) -> Waited<T> {
        self.carrier.wait(answer).map_err(Trouble::Failed)
    }

    /// Waits for the answer to what was sent. All that was sent before must have been waited for: its answers hold up those
    /// behind them.
    pub fn receive<T>(&self, sent: Sent<'_, T>) -> Waited<T> {
        match sent.early {
            Some(done) => done.map_err(Trouble::Failed),
            None => self.wait(sent.answer),
        }
    }

    /// Whether it can serve another transaction.
    pub fn is_sound(&self) -> bool {
        !self.open.get() && !self.silent.get() && !self.client.is_closed()
    }

    /// Sends `begin` without waiting: if it fails, so does all that follows.
    pub fn begin(&self, begin: &str) {
        self.open.set(true);
        self.send(begin);
    }

    /// Ends a transaction whose changes, if any, do not count, without waiting.
    pub fn roll_back(&self) {
        self.send("ROLLBACK");
        self.carrier.turn();
        self.ended();
    }

    /// Hears what the server has said meanwhile, as that it ends the connection.
    pub fn listen(&self) {
        self.carrier.turn();
    }

    /// Notes that the transaction is over.
    pub fn ended(&self) {
        self.open.set(false);
    }

    /// Sends statements without waiting, before those that follow.
    pub fn send(&self, sql: &str) {
        drop(Sent::new(self.client.batch_execute(sql)));
    }

    /// The statement, if it is prepared.
    pub fn prepared(&self, sql: &str, types: &[Type]) -> Option<Statement> {
        let prepared = self.prepared.borrow();
        let (_, statement) = prepared.get(sql)?.iter().find(|(of, _)| of == types)?;
        Some(statement.clone())
    }

    /// Prepares a statement, and waits for it.
    pub fn prepare(&self, sql: &str, types: &[Type]) -> Waited<Statement> {
        let statement = self.wait(self.client.prepare_typed(&numbered(sql), types))?;
        let mut prepared = self.prepared.borrow_mut();
        if prepared.len() >= STATEMENTS {
            prepared.clear();
        }
        prepared.entry(sql.to_owned()).or_default().push((types.to_vec(), statement.clone()));
        Ok(statement)
    }
}

/// What is on its way to the server.
pub(super) struct Sent<'a, T> {
    /// The answer, where none has to be waited for.
    early: Option<std::result::Result<T, Failure>>,
    answer: Pin<Box<dyn Future<Output = std::result::Result<T, Failure>> + 'a>>,
}

impl<'a, T> Sent<'a, T> {
    /// A statement is on its way once its answer was asked for.
    pub fn new(answer: impl Future<Output = std::result::Result<T, Failure>> + 'a) -> Self {
        let mut answer: Pin<Box<dyn Future<Output = _> + 'a>> = Box::pin(answer);
        Self { early: (&mut answer).now_or_never(), answer }
    }

    /// Whether it is known already that nothing comes of it.
    pub fn has_failed(&self) -> bool {
        matches!(self.early, Some(Err(_)))
    }
}

/// `$1`, `$2` … for each `?`. There is no `?` in our SQL that stands for something else.
fn numbered(sql: &str) -> String {
    let mut parts = sql.split('?');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (index, part) in parts.enumerate() {
        text.push_str(&format!("${}{part}", index + 1));
    }
    text
}
