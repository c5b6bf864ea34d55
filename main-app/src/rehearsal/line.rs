//! The network of a rehearsal: a listener that drops everybody's connections while it is switched off, those that are open
//! included, so that the app in the frame notices what it would notice in the field. [`super::stage`] answers on it.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::serve::Listener;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::watch;

/// The switch. Clones are the same switch.
#[derive(Clone)]
pub struct Line(Arc<watch::Sender<State>>);

#[derive(Clone, Copy, Default)]
struct State {
    is_on: bool,
    /// How often it was switched off: a connection of before belongs to an earlier number.
    cuts: u64,
}

/// Switched off.
impl Default for Line {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(State::default())))
    }
}

impl Line {
    pub fn is_on(&self) -> bool {
        self.0.borrow().is_on
    }

    pub fn switch(&self, on: bool) {
        self.0.send_if_modified(|state| {
            let changes = state.is_on != on;
            state.is_on = on;
            state.cuts += u64::from(changes && !on);
            changes
        });
    }

    /// Puts the switch into a listener.
    pub fn through<L>(&self, listener: L) -> Switched<L> {
        Switched {
            listener,
            line: self.clone(),
        }
    }

    /// A connection that is open now; `None` while the line is off.
    fn connect<Io>(&self, io: Io) -> Option<Connection<Io>> {
        let mut line = self.0.subscribe();
        let State { is_on, cuts } = *line.borrow_and_update();
        let cut = async move {
            // The sender outlives every connection; if not, there is nobody left to answer either.
            let _ = line.wait_for(|state| state.cuts != cuts).await;
        };
        is_on.then(|| Connection {
            io,
            cut: Some(Box::pin(cut)),
        })
    }
}

/// A listener with the switch in it.
pub struct Switched<L> {
    listener: L,
    line: Line,
}

impl<L: Listener> Listener for Switched<L> {
    type Io = Connection<L::Io>;
    type Addr = L::Addr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (io, address) = self.listener.accept().await;
            // While the line is off, it is closed without a word.
            if let Some(connection) = self.line.connect(io) {
                return (connection, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// A connection that breaks when the line is switched off.
pub struct Connection<Io> {
    io: Io,
    /// Ends when it is cut; `None` after that.
    cut: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl<Io: Unpin> Connection<Io> {
    /// The stream, for as long as it is whole. Whoever waits for it hears of the cut.
    fn whole(&mut self, context: &mut Context<'_>) -> io::Result<Pin<&mut Io>> {
        let is_whole = match &mut self.cut {
            Some(cut) => cut.as_mut().poll(context).is_pending(),
            None => false,
        };
        if !is_whole {
            self.cut = None;
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        Ok(Pin::new(&mut self.io))
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Connection<Io> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match self.get_mut().whole(context) {
            Ok(io) => io.poll_read(context, buffer),
            Err(cut) => Poll::Ready(Err(cut)),
        }
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Connection<Io> {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match self.get_mut().whole(context) {
            Ok(io) => io.poll_write(context, bytes),
            Err(cut) => Poll::Ready(Err(cut)),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.get_mut().whole(context) {
            Ok(io) => io.poll_flush(context),
            Err(cut) => Poll::Ready(Err(cut)),
        }
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().io).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    #[tokio::test]
    async fn a_connection_breaks_when_the_line_is_switched_off() {
        let line = Line::default();
        line.switch(true);
        let (mut far, near) = duplex(64);
        let mut near = line.connect(near).unwrap();
        far.write_all(b"x").await.unwrap();
        assert_eq!(near.read_u8().await.unwrap(), b'x');
        let waiting = tokio::spawn(async move {
            let read = near.read_u8().await;
            (read, near.write_all(b"y").await)
        });
        line.switch(false);
        line.switch(true);
        let deadline = std::time::Duration::from_secs(60);
        let told = tokio::time::timeout(deadline, waiting).await;
        let (read, written) = told.expect("it hears of the cut").unwrap();
        assert!(
            read.is_err() && written.is_err(),
            "it stays broken, however soon the line is on again"
        );
        assert_eq!(
            far.read(&mut [0]).await.unwrap(),
            0,
            "and the other side hears of it"
        );
    }

    #[test]
    fn nobody_is_let_in_before_it_is_switched_on() {
        let line = Line::default();
        assert!(line.connect(()).is_none());
        line.switch(true);
        assert!(line.connect(()).is_some());
        line.switch(false);
        assert!(line.connect(()).is_none() && !line.is_on());
    }
}
