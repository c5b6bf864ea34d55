//! The main application: what it answers is `accounts::transition` and `accounts::Session::standing`, as in production.

use accounts::{Event, Outcome, Session as Opened, SessionStanding, transition};
use replica::{Heard, Server};

use crate::mistakes::{Mistake, Protocol};
use crate::world::{Air, HOURS_72, Login, OTHER, RECORDS, Session, Token, Told, USER, World, dk_id};

impl World {
    /// What happens to the account, and to the sessions with it.
    pub fn happens(&mut self, event: Event) -> Outcome {
        let main = &mut self.main;
        let (account, outcome) = transition(&main.account, event, main.now);
        let renewed = account.epoch != main.account.epoch;
        main.account = account;
        if renewed && account.must_change() {
            main.temps |= 1 << account.epoch;
        }
        if outcome == Outcome::Done && event.ends_sessions() {
            self.end_tokens();
        }
        outcome
    }

    pub fn reset(&mut self) {
        self.happens(Event::Reset {
            valid_for: Some(HOURS_72),
        });
    }

    /// The user signs in at the page and chooses a new password.
    pub fn change_password(&mut self) {
        let epoch = self.main.account.epoch;
        let verified = true;
        if self.main.login == Login::Ours
            && matches!(
                self.happens(Event::Attempt { verified, epoch }),
                Outcome::SignedIn { .. }
            )
        {
            self.happens(Event::PasswordChanged { epoch });
        }
    }

    /// A bystander at the page.
    pub fn wrong_password_at_the_page(&mut self) {
        let epoch = self.main.account.epoch;
        if self.main.login == Login::Ours {
            self.happens(Event::Attempt {
                verified: false,
                epoch,
            });
        }
    }

    pub fn end_tokens(&mut self) {
        self.tablet.token = Token::Ended;
        let in_the_air = match &mut self.air {
            Air::Asking { token, .. } => {
                *token = Token::Ended;
                None
            }
            Air::Committing { session, .. } => session.as_mut(),
            Air::Quiet | Air::Syncing { .. } => None,
        };
        let sessions = [self.tablet.session.as_mut(), self.tablet.tab.as_mut(), in_the_air];
        for session in sessions.into_iter().flatten() {
            session.token = session.token.map(|_| Token::Ended);
        }
    }
}

impl Protocol {
    /// The attempt is claimed, checked and counted.
    pub fn arrives(&self, world: &mut World) {
        let Air::Asking { word, counted, .. } = world.air else {
            return;
        };
        let (said, counted) = match world.main.login {
            Login::Unknown => (Server::NoAccess { user_id: None }, counted),
            Login::Anothers => (Server::NoAccess { user_id: Some(OTHER) }, counted),
            Login::Ours => {
                let epoch = world.main.account.epoch;
                let verified = word == epoch;
                let said = match world.happens(Event::Attempt { verified, epoch }) {
                    Outcome::SignedIn { must_change } => Server::Ok {
                        must_change,
                        user_id: USER,
                        epoch,
                        dk_id: dk_id(world.main.key),
                    },
                    Outcome::BadPassword => Server::BadPassword,
                    Outcome::Locked => Server::Locked,
                    Outcome::NoAccess => Server::NoAccess { user_id: Some(USER) },
                    Outcome::Stale | Outcome::Done => Server::Unanswered,
                };
                (said, counted + 1)
            }
        };
        world.air = Air::Asking {
            word,
            counted,
            reply: Some(said),
            token: Token::Good,
        };
    }

    /// The same attempt once more: it is answered from what was kept, so nothing happens to the account.
    pub fn arrives_again(&self, world: &mut World) {
        if !self.makes(Mistake::RepeatIsCounted) {
            return;
        }
        let before = world.air.clone();
        self.arrives(world);
        if let (Air::Asking { reply, .. }, Air::Asking { reply: first, .. }) = (&mut world.air, before) {
            *reply = first;
        }
    }

    /// What a sync with that session is told, and what it leaves.
    pub fn tells(&self, world: &mut World, session: Session, offered: [u8; RECORDS]) -> Told {
        let main = &mut world.main;
        let opened = Opened {
            epoch: session.epoch,
            expires: i64::MAX,
            ended: session.token != Some(Token::Good),
        };
        let heard = match opened.standing(&main.account, main.now) {
            _ if main.ahead => Heard::UpdateNeeded,
            SessionStanding::NoAccess => Heard::NoAccess,
            SessionStanding::EpochChanged => Heard::EpochChanged,
            SessionStanding::SignInAgain => Heard::SignInAgain,
            SessionStanding::Open => Heard::Ok,
        };
        let stored = match heard {
            Heard::Ok => main.stores(offered),
            _ => [false; RECORDS],
        };
        Told { heard, stored }
    }
}

impl crate::world::MainApp {
    /// Keeps what is new; acknowledges what it has. An older revision than the newest is refused.
    pub fn stores(&mut self, offered: [u8; RECORDS]) -> [bool; RECORDS] {
        std::array::from_fn(|index| {
            let (rev, newest) = (offered[index], &mut self.stored[index]);
            if rev == 0 || rev < *newest {
                return false;
            }
            *newest = rev;
            true
        })
    }
}
