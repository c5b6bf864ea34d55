//! Sorting with one copy of the sort: the standard library's is compiled anew, and is large, for each type that is sorted.

use std::cmp::Ordering;

/// The rows in order; rows that are equal stay as they stood.
pub fn sorted<T>(rows: Vec<T>, order: impl Fn(&T, &T) -> Ordering) -> Vec<T> {
    let mut places: Vec<usize> = (0..rows.len()).collect();
    sort(&mut places, &|one, other| order(&rows[one], &rows[other]));
    let mut rows: Vec<Option<T>> = rows.into_iter().map(Some).collect();
    places
        .into_iter()
        .filter_map(|place| rows[place].take())
        .collect()
}

fn sort(places: &mut [usize], order: &dyn Fn(usize, usize) -> Ordering) {
    places.sort_by(|one, other| order(*one, *other));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_in_order_and_equal_ones_stay_as_they_stood() {
        let rows = vec![(2, 'a'), (1, 'b'), (2, 'c'), (0, 'd'), (1, 'e')];
        let sorted = sorted(rows, |(one, _), (other, _)| one.cmp(other));
        assert_eq!(sorted, [(0, 'd'), (1, 'b'), (1, 'e'), (2, 'a'), (2, 'c')]);
        assert!(super::sorted(Vec::<u8>::new(), u8::cmp).is_empty());
    }
}
