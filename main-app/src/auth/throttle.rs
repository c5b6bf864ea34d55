//! How many attempts may come in how short a time. It protects the machine; a person who mistypes never meets it, it
//! costs no strike, and it locks nobody.
//!
//! Each address has a bucket of attempts that refills with time, wide enough for an agency behind one address; each
//! login at an address has a smaller one.

use std::collections::HashMap;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::{Mutex, PoisonError};

/// The longest time, in seconds, that anybody is asked to wait.
pub const LONGEST_WAIT: u32 = 3;
/// More buckets than this, and those that are full again are forgotten.
const MANY: usize = 10_000;

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    pub address: Rate,
    pub login: Rate,
}

/// A bucket: `burst` attempts at once, `per_second` from then on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    pub burst: f64,
    pub per_second: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            address: Rate {
                burst: 120.0,
                per_second: 10.0,
            },
            login: Rate {
                burst: 20.0,
                per_second: 0.5,
            },
        }
    }
}

impl Limits {
    /// The same for an address and for each login at it: so many attempts at once, and so many in every minute.
    pub fn per_minute(attempts: NonZeroU32) -> Self {
        let attempts = f64::from(attempts.get());
        let rate = Rate {
            burst: attempts,
            per_second: attempts / 60.0,
        };
        Self {
            address: rate,
            login: rate,
        }
    }

    /// For tests that are about something else.
    pub fn none() -> Self {
        let rate = Rate {
            burst: f64::INFINITY,
            per_second: 1.0,
        };
        Self {
            address: rate,
            login: rate,
        }
    }
}

pub struct Throttle {
    limits: Limits,
    buckets: Mutex<HashMap<Key, Bucket>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Address(Option<IpAddr>),
    Login(Option<IpAddr>, String),
}

#[derive(Clone, Copy)]
struct Bucket {
    left: f64,
    at: i64,
}

/// Too fast: come back after this many seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wait {
    pub seconds: u32,
}

impl Throttle {
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            buckets: Mutex::new(HashMap::new()),
        }
    }

    /// Takes one attempt out of both buckets, or out of neither.
    pub fn admit(&self, address: Option<IpAddr>, login: &str, now: i64) -> Result<(), Wait> {
        let address = address.map(network);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() > MANY {
            let limits = self.limits;
            buckets.retain(|key, bucket| {
                let rate = limits.of(key);
                refilled(bucket, rate, now) < rate.burst
            });
        }
        let keys = [Key::Address(address), Key::Login(address, login.to_owned())];
        let mut taken = Vec::with_capacity(keys.len());
        for key in keys {
            let rate = self.limits.of(&key);
            let left = buckets
                .get(&key)
                .map_or(rate.burst, |bucket| refilled(bucket, rate, now));
            if left < 1.0 {
                return Err(wait(1.0 - left, rate));
            }
            taken.push((
                key,
                Bucket {
                    left: left - 1.0,
                    at: now,
                },
            ));
        }
        buckets.extend(taken);
        Ok(())
    }
}

impl Limits {
    fn of(&self, key: &Key) -> Rate {
        match key {
            Key::Address(_) => self.address,
            Key::Login(..) => self.login,
        }
    }
}

fn refilled(bucket: &Bucket, rate: Rate, now: i64) -> f64 {
    // A clock that was set back refills nothing and takes nothing away.
    let seconds = now.saturating_sub(bucket.at).max(0) as f64 / 1_000.0;
    (bucket.left + seconds * rate.per_second).min(rate.burst)
}

fn wait(missing: f64, rate: Rate) -> Wait {
    let seconds = (missing / rate.per_second)
        .ceil()
        .clamp(1.0, f64::from(LONGEST_WAIT));
    Wait {
        seconds: seconds as u32,
    }
}

/// One household or site has a whole /64 of IPv6: it counts as one address.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SITE: Option<IpAddr> = Some(IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1)));

    fn throttle() -> Throttle {
        Throttle::new(Limits {
            address: Rate {
                burst: 5.0,
                per_second: 1.0,
            },
            login: Rate {
                burst: 2.0,
                per_second: 0.25,
            },
        })
    }

    #[test]
    fn a_burst_passes_then_the_rate_rules() {
        let throttle = throttle();
        assert_eq!(throttle.admit(SITE, "a", 0), Ok(()));
        assert_eq!(throttle.admit(SITE, "a", 0), Ok(()));
        assert_eq!(
            throttle.admit(SITE, "a", 0),
            Err(Wait {
                seconds: LONGEST_WAIT
            })
        );
        assert_eq!(
            throttle.admit(SITE, "b", 0),
            Ok(()),
            "another login is not affected"
        );
        assert_eq!(throttle.admit(None, "a", 0), Ok(()), "nor is the login elsewhere");
        assert_eq!(throttle.admit(SITE, "a", 3_999), Err(Wait { seconds: 1 }));
        assert_eq!(throttle.admit(SITE, "a", 4_000), Ok(()));
    }

    #[test]
    fn an_address_has_its_own_limit_and_a_refusal_takes_nothing() {
        let throttle = throttle();
        for login in ["a", "b", "c", "d", "e"] {
            assert_eq!(throttle.admit(SITE, login, 0), Ok(()));
        }
        for _ in 0..10 {
            assert_eq!(throttle.admit(SITE, "f", 0), Err(Wait { seconds: 1 }));
        }
        assert_eq!(throttle.admit(SITE, "f", 1_000), Ok(()));
    }

    #[test]
    fn one_number_is_the_limit_of_an_address_and_of_a_login() {
        let throttle = Throttle::new(Limits::per_minute(NonZeroU32::new(30).unwrap()));
        for _ in 0..30 {
            assert_eq!(throttle.admit(SITE, "a", 0), Ok(()));
        }
        assert_eq!(throttle.admit(SITE, "a", 0), Err(Wait { seconds: 2 }));
        assert_eq!(throttle.admit(SITE, "b", 0), Err(Wait { seconds: 2 }));
        assert_eq!(throttle.admit(SITE, "a", 2_000), Ok(()));
    }

    #[test]
    fn a_clock_that_is_set_back_refills_nothing() {
        let throttle = throttle();
        assert_eq!(throttle.admit(SITE, "a", 10_000), Ok(()));
        assert_eq!(throttle.admit(SITE, "a", 5_000), Ok(()));
        assert!(throttle.admit(SITE, "a", 5_000).is_err());
    }

    #[test]
    fn a_network_counts_as_one_address() {
        let throttle = throttle();
        let hosts = ["2001:db8::1", "2001:db8::2", "2001:db8::3"];
        let answers = hosts.map(|host| throttle.admit(host.parse().ok(), "a", 0).is_ok());
        assert_eq!(answers, [true, true, false]);
    }

    #[test]
    fn full_buckets_are_forgotten_when_there_are_many() {
        let throttle = throttle();
        for n in 0..=MANY as u32 {
            let address = IpAddr::from(n.to_be_bytes());
            assert_eq!(throttle.admit(Some(address), "a", 0), Ok(()));
        }
        assert_eq!(throttle.admit(SITE, "a", 60_000), Ok(()));
        assert_eq!(throttle.buckets.lock().unwrap().len(), 2);
    }
}
