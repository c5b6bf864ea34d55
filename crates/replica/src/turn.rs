//! What is done by one at a time: whoever comes in between is turned away. Given back also where what is done is given up.

use std::cell::Cell;

pub(crate) struct Turn<'a>(&'a Cell<bool>);

impl<'a> Turn<'a> {
    pub(crate) fn take(taken: &'a Cell<bool>) -> Option<Self> {
        (!taken.replace(true)).then_some(Self(taken))
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.set(false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_one_at_a_time_and_the_next_after_it() {
        let taken = Cell::new(false);
        let first = Turn::take(&taken);
        assert!(first.is_some());
        assert!(Turn::take(&taken).is_none());
        drop(first);
        assert!(Turn::take(&taken).is_some(), "given back");
    }
}
