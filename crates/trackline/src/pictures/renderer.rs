//! A process that draws figures: another interpreter, which is told one figure after the other.

use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use trackline_capture::Variables;

use crate::fork::ClosedInChild;

/// What a picture begins with.
const PNG: &[u8] = b"\x89PNG";

/// How a renderer is started. It is to become a child of nobody at once, so that the program never waits for it and never finds
/// it among its own children, and to end when its input does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interpreter {
    /// The interpreter.
    pub program: PathBuf,
    /// What it is told on its command line.
    pub arguments: Vec<OsString>,
}

/// Both ways, a message is its length in bytes, 64 bits with the least significant byte first, and the bytes. The answer to
/// a figure is its picture as PNG, or a text that says why there is none.
#[derive(Debug)]
pub struct Renderer {
    /// The renderer ends with this process, though a forked child may live on.
    _closed: [ClosedInChild; 2],
    input: ChildStdin,
    output: ChildStdout,
}

impl Renderer {
    /// In an environment of these variables.
    pub fn start(by: &Interpreter, variables: &Variables) -> io::Result<Self> {
        let mut command = Command::new(&by.program);
        command.env_clear().envs(variables.iter());
        command.args(&by.arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Its own process group: Ctrl-C is for the user's program.
        command.process_group(0);
        let mut child = command.spawn()?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        let closed = [ClosedInChild::new(&input), ClosedInChild::new(&output)];
        // It has left the renderer behind; a handler of the program may have been told before us.
        let _ = child.wait();
        Ok(Self { _closed: closed, input, output })
    }

    /// The picture of a figure, or why it cannot be drawn.
    ///
    /// # Errors
    /// If the process has ended.
    pub fn draw(&mut self, figure: &[u8]) -> io::Result<Result<Vec<u8>, String>> {
        self.input.write_all(&(figure.len() as u64).to_le_bytes())?;
        self.input.write_all(figure)?;
        self.input.flush()?;
        let mut length = [0; 8];
        self.output.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        let mut answer = Vec::new();
        if (&mut self.output).take(length).read_to_end(&mut answer)? as u64 != length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if answer.starts_with(PNG) {
            return Ok(Ok(answer));
        }
        Ok(Err(String::from_utf8_lossy(&answer).into_owned()))
    }
}
