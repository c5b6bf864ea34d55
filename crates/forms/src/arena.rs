//! A list whose members are named by their place: the items of a definition, the instances of a form.
//!
//! Members are looked up in hundreds of places. A `Vec` checks the place and has a panic ready wherever that is done; here it is done
//! in one place for each kind.

use std::ops::{Deref, DerefMut, Index, IndexMut};

pub(crate) struct Arena<T>(Vec<T>);

impl<T> From<Vec<T>> for Arena<T> {
    fn from(members: Vec<T>) -> Self {
        Self(members)
    }
}

impl<T> Arena<T> {
    // Where it is developed, a panic names who asked.
    #[cfg_attr(debug_assertions, track_caller)]
    #[inline(never)]
    fn member(&self, at: usize) -> &T {
        &self.0[at]
    }

    #[cfg_attr(debug_assertions, track_caller)]
    #[inline(never)]
    fn member_mut(&mut self, at: usize) -> &mut T {
        &mut self.0[at]
    }
}

// `Index` itself hands on who asks, always; so the look is not taken in its methods.
impl<T> Index<usize> for Arena<T> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        self.member(at)
    }
}

impl<T> IndexMut<usize> for Arena<T> {
    fn index_mut(&mut self, at: usize) -> &mut T {
        self.member_mut(at)
    }
}

impl<T> Deref for Arena<T> {
    type Target = Vec<T>;

    fn deref(&self) -> &Vec<T> {
        &self.0
    }
}

impl<T> DerefMut for Arena<T> {
    fn deref_mut(&mut self) -> &mut Vec<T> {
        &mut self.0
    }
}

impl<'a, T> IntoIterator for &'a Arena<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
