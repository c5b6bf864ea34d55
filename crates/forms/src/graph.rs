//! What has to be worked out again when an answer changes, and in which order.
//!
//! Each item's enablement is a node, and so is each calculation. A node stands after everything that it reads, so one
//! pass in this order settles the whole form, and after an answer only what reads it is visited. Expressions join as
//! nodes of their own kind.
//!
//! A circle of conditions has no such order. Its members read each other's answers whether or not these are enabled,
//! which gives every form one meaning; a calculation may not stand in a circle.

use crate::definition::{Calculation, Item};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// Whether the item is enabled.
    Enabled(usize),
    /// The answer of a calculated item.
    Calculated(usize),
}

pub(crate) struct Graph {
    /// Every node, each after what it reads.
    order: Vec<Node>,
    /// By item: the place of its enablement in `order`.
    enabled_at: Vec<usize>,
    /// By item: the places of the nodes that read its answers.
    readers: Vec<Vec<usize>>,
    /// By item: which circle of conditions its enablement stands in.
    circle: Vec<Option<usize>>,
}

impl Graph {
    /// The graph of these items, and the calculations that stand in a circle and were therefore left out of it.
    pub fn new(items: &[Item]) -> (Self, Vec<usize>) {
        let calculated: Vec<_> = (0..items.len())
            .filter(|at| items[*at].calculation.is_some())
            .collect();
        let number_of = |item: usize| items.len() + calculated.partition_point(|at| *at < item);
        let mut reads: Vec<Vec<usize>> = vec![Vec::new(); items.len() + calculated.len()];
        for (at, item) in items.iter().enumerate() {
            reads[at].extend(item.parent);
            let mut sources: Vec<_> = item
                .conditions
                .iter()
                .filter_map(|c| c.source)
                .map(|s| (at, s))
                .collect();
            if let Some(Calculation::Total(totalled)) = &item.calculation {
                sources.extend(totalled.iter().map(|source| (number_of(at), *source)));
            }
            for (node, source) in sources {
                reads[node].push(source);
                if items[source].calculation.is_some() {
                    reads[node].push(number_of(source));
                }
            }
        }
        let components = components(&reads);

        let mut graph = Self {
            order: Vec::with_capacity(reads.len()),
            enabled_at: vec![0; items.len()],
            readers: vec![Vec::new(); items.len()],
            circle: vec![None; items.len()],
        };
        let mut circular = Vec::new();
        for (number, component) in components.iter().enumerate() {
            let is_circle = component.len() > 1 || reads[component[0]].contains(&component[0]);
            for node in component {
                match node.checked_sub(items.len()) {
                    Some(at) if is_circle => circular.push(calculated[at]),
                    Some(at) => graph.order.push(Node::Calculated(calculated[at])),
                    None => {
                        graph.circle[*node] = is_circle.then_some(number);
                        graph.enabled_at[*node] = graph.order.len();
                        graph.order.push(Node::Enabled(*node));
                    }
                }
            }
        }
        for (place, node) in graph.order.iter().enumerate() {
            let mut tell = |source: usize| {
                if graph.readers[source].last() != Some(&place) {
                    graph.readers[source].push(place);
                }
            };
            match *node {
                Node::Enabled(at) => items[at]
                    .conditions
                    .iter()
                    .filter_map(|c| c.source)
                    .for_each(&mut tell),
                Node::Calculated(at) => match &items[at].calculation {
                    Some(Calculation::Total(sources)) => sources.iter().copied().for_each(&mut tell),
                    None => {}
                },
            }
        }
        (graph, circular)
    }

    pub fn len(&self) -> usize {
        self.order.len()
    }

    pub fn node(&self, place: usize) -> Option<Node> {
        self.order.get(place).copied()
    }

    pub fn enabled_at(&self, item: usize) -> usize {
        self.enabled_at[item]
    }

    pub fn readers(&self, item: usize) -> &[usize] {
        &self.readers[item]
    }

    /// Whether the enablement of these two items depends on each other.
    pub fn in_one_circle(&self, left: usize, right: usize) -> bool {
        self.circle[left].is_some() && self.circle[left] == self.circle[right]
    }

    pub fn in_a_circle(&self, item: usize) -> bool {
        self.circle[item].is_some()
    }
}

/// The strongly connected components of "reads", each after those that it reads, its members in ascending order:
/// Tarjan's algorithm without recursion, since a chain may be as long as the form.
fn components(reads: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let mut index = vec![NEW; reads.len()];
    let mut low = vec![0; reads.len()];
    let mut open = vec![false; reads.len()];
    let (mut next, mut stack, mut done) = (0, Vec::new(), Vec::new());
    for root in 0..reads.len() {
        if index[root] != NEW {
            continue;
        }
        let mut path = vec![(root, 0)];
        while let Some((node, seen)) = path.last_mut() {
            let node = *node;
            if *seen == 0 && index[node] == NEW {
                (index[node], low[node], open[node]) = (next, next, true);
                next += 1;
                stack.push(node);
            }
            if let Some(&read) = reads[node].get(*seen) {
                *seen += 1;
                if index[read] == NEW {
                    path.push((read, 0));
                } else if open[read] {
                    low[node] = low[node].min(index[read]);
                }
                continue;
            }
            path.pop();
            if let Some((parent, _)) = path.last() {
                low[*parent] = low[*parent].min(low[node]);
            }
            if low[node] == index[node] {
                let from = stack.iter().rposition(|open| *open == node).unwrap_or_default();
                let mut component = stack.split_off(from);
                component.iter().for_each(|member| open[*member] = false);
                component.sort_unstable();
                done.push(component);
            }
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn what_is_read_comes_first_and_circles_stay_together() {
        // 0 reads 1, 1 reads 2, 3 and 4 read each other, 4 reads 0, 5 reads itself.
        let reads = vec![vec![1], vec![2], vec![], vec![4], vec![3, 0], vec![5]];
        assert_eq!(
            components(&reads),
            vec![vec![2], vec![1], vec![0], vec![3, 4], vec![5]]
        );
    }

    #[test]
    fn a_chain_as_long_as_the_longest_form_is_no_matter() {
        let reads: Vec<_> = (0..100_000)
            .map(|n| if n < 99_999 { vec![n + 1] } else { vec![] })
            .collect();
        assert_eq!(components(&reads).len(), 100_000);
    }
}
