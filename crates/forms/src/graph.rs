//! What has to be worked out again when an answer changes, and in which order.
//!
//! Each item's enablement is a node, and so is each calculation. A node stands after everything that it reads, so one
//! pass in this order settles the whole form, and after an answer only what reads it is visited. The graph is that of
//! the definition; where a group repeats, a node is visited once for each instance. What nothing reads in turn (words,
//! lists of answers, rules) is no node but a [`Dependent`], worked out at the end of a pass.
//!
//! A circle has no such order, and yet every form needs one meaning, whatever was answered first:
//! - In a circle of `enableWhen`, the members read each other's answers whether or not these are enabled.
//! - A calculation that reads itself by name is left to the user.
//! - Where an expression reads everything (a percentage of all answers), or a condition written as an expression reads
//!   itself, the members of the circle are taken back and then worked out once, in a fixed order.

use std::cmp::Ordering;

use crate::arena::Arena;
use crate::definition::{Definition, Formula, Item};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Node {
    /// Whether the item is enabled.
    Enabled(usize),
    /// The answer of a calculated item.
    Calculated(usize),
}

impl Node {
    pub fn item(self) -> usize {
        match self {
            Self::Enabled(at) | Self::Calculated(at) => at,
        }
    }
}

/// What is visited at one place of the order.
#[derive(Debug)]
pub(crate) enum Unit {
    One(Node),
    /// Nodes that are taken back and worked out together.
    Circle(Vec<Node>),
}

/// What is worked out at the end of a pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Dependent {
    Wording(usize),
    Options(usize),
    Constraints(usize),
    /// The rules about the whole.
    FormConstraints,
}

impl Dependent {
    /// Which of the kinds, in the order in which they are worked out.
    pub fn kind(self) -> usize {
        match self {
            Self::Wording(_) => 0,
            Self::Options(_) => 1,
            Self::Constraints(_) => 2,
            Self::FormConstraints => 3,
        }
    }
}

#[derive(Default)]
pub(crate) struct Graph {
    /// Every node, each after what it reads.
    order: Vec<Unit>,
    /// By item: the place of its enablement in `order`.
    enabled_at: Vec<usize>,
    /// By item: the place of its calculation.
    calculated_at: Vec<Option<usize>>,
    /// By item: the places that read its answers.
    readers: Vec<Vec<usize>>,
    /// By item: the dependents that read its answers.
    dependents: Vec<Vec<Dependent>>,
    /// What reads the answers of all items.
    read_all: Vec<usize>,
    depend_on_all: Vec<Dependent>,
    /// By item: which circle of conditions its enablement stands in.
    circle: Vec<Option<usize>>,
    /// By item: its enablement is worked out with its circle's.
    taken_back: Vec<bool>,
}

/// The nodes as numbers: enablements first, then calculations, then one that reads everything.
struct Numbers<'d> {
    items: &'d Arena<Item>,
    calculated: Vec<usize>,
}

impl Numbers<'_> {
    fn calculated(&self, item: usize) -> usize {
        self.items.len() + self.calculated.partition_point(|at| *at < item)
    }

    fn everything(&self) -> usize {
        self.items.len() + self.calculated.len()
    }

    fn node(&self, number: usize) -> Option<Node> {
        match number.checked_sub(self.items.len()) {
            None => Some(Node::Enabled(number)),
            Some(at) => self.calculated.get(at).map(|at| Node::Calculated(*at)),
        }
    }

    /// What every node reads, as numbers; without `all`, what is not named is left out.
    fn reads(&self, all: bool) -> Vec<Vec<usize>> {
        let mut reads: Vec<Vec<usize>> = vec![Vec::new(); self.everything() + 1];
        for (at, item) in self.items.iter().enumerate() {
            reads[at].extend(item.parent);
            for source in item.conditions.iter().filter_map(|condition| condition.source) {
                self.read(&mut reads[at], source);
            }
            if let Some(formula) = &item.enable {
                self.read_formula(&mut reads[at], formula, all);
            }
            if let Some(formula) = &item.calculation {
                let number = self.calculated(at);
                reads[number].push(at);
                self.read_formula(&mut reads[number], formula, all);
            }
        }
        if all {
            reads[self.everything()] = (0..self.everything()).collect();
        }
        reads
    }

    fn read(&self, reads: &mut Vec<usize>, source: usize) {
        reads.push(source);
        if self.items[source].calculation.is_some() {
            reads.push(self.calculated(source));
        }
    }

    fn read_formula(&self, reads: &mut Vec<usize>, formula: &Formula, all: bool) {
        match formula.everything {
            true if all => reads.push(self.everything()),
            true => {}
            false => formula.reads.iter().for_each(|source| self.read(reads, *source)),
        }
    }
}

impl Graph {
    /// The graph of these items, and the calculations that name themselves in a circle and were therefore left out.
    pub fn new(definition: &Definition) -> (Self, Vec<usize>) {
        let items = &definition.items;
        let numbers = Numbers {
            items,
            calculated: (0..items.len())
                .filter(|at| items[*at].calculation.is_some())
                .collect(),
        };
        let mut graph = Self {
            enabled_at: vec![0; items.len()],
            calculated_at: vec![None; items.len()],
            readers: vec![Vec::new(); items.len()],
            dependents: vec![Vec::new(); items.len()],
            circle: vec![None; items.len()],
            taken_back: vec![false; items.len()],
            ..Self::default()
        };
        let named = numbers.reads(false);
        let components = components_of(&named);
        let mut rank = vec![0; named.len()];
        let mut circular = Vec::new();
        for (number, component) in components.iter().enumerate() {
            let is_circle = component.len() > 1 || named[component[0]].contains(&component[0]);
            for node in component {
                rank[*node] = number;
                match numbers.node(*node).filter(|_| is_circle) {
                    Some(Node::Calculated(at)) => circular.push(at),
                    Some(Node::Enabled(at)) => graph.circle[at] = Some(number),
                    None => {}
                }
            }
        }
        let reads_all = |item: &Item| {
            [&item.enable, &item.calculation]
                .into_iter()
                .flatten()
                .any(|formula| formula.everything)
        };
        if items.iter().any(reads_all) {
            let all = numbers.reads(true);
            graph.arrange(&numbers, &all, components_of(&all), &rank);
        } else {
            graph.arrange(&numbers, &named, components, &rank);
        }
        graph.link(definition);
        (graph, circular)
    }

    fn arrange(
        &mut self,
        numbers: &Numbers<'_>,
        reads: &[Vec<usize>],
        components: Vec<Vec<usize>>,
        rank: &[usize],
    ) {
        let by_formula = |node: &Node| match *node {
            Node::Enabled(at) => numbers.items[at].enable.is_some(),
            Node::Calculated(_) => true,
        };
        for mut component in components {
            let is_circle = component.len() > 1 || reads[component[0]].contains(&component[0]);
            sort(&mut component, &|left, right| {
                (rank[left], left).cmp(&(rank[right], right))
            });
            let nodes: Vec<Node> = component
                .iter()
                .filter_map(|number| numbers.node(*number))
                .collect();
            if is_circle && nodes.iter().any(by_formula) {
                for node in &nodes {
                    self.place(*node);
                    if let Node::Enabled(at) = node {
                        self.taken_back[*at] = true;
                    }
                }
                self.order.push(Unit::Circle(nodes));
                continue;
            }
            for node in nodes {
                self.place(node);
                self.order.push(Unit::One(node));
            }
        }
    }

    fn place(&mut self, node: Node) {
        match node {
            Node::Enabled(at) => self.enabled_at[at] = self.order.len(),
            Node::Calculated(at) => self.calculated_at[at] = Some(self.order.len()),
        }
    }

    /// Who is told when the answers of an item change.
    fn link(&mut self, definition: &Definition) {
        for (at, item) in definition.items.iter().enumerate() {
            let place = self.enabled_at[at];
            for source in item.conditions.iter().filter_map(|condition| condition.source) {
                add(&mut self.readers[source], place);
            }
            if let Some(formula) = &item.enable {
                self.tell(formula, place);
            }
            if let (Some(formula), Some(place)) = (&item.calculation, self.calculated_at[at]) {
                self.tell(formula, place);
            }
            if let Some(formula) = &item.wording {
                self.depend(formula, Dependent::Wording(at));
            }
            let offers = item
                .offers
                .iter()
                .chain(item.toggles.iter().map(|toggle| &toggle.formula));
            offers.for_each(|formula| self.depend(formula, Dependent::Options(at)));
            for rule in &item.constraints {
                if let Some(formula) = &rule.formula {
                    self.depend(formula, Dependent::Constraints(at));
                }
                // It is asked only where there is something to ask about.
                for below in at..item.end {
                    add(&mut self.dependents[below], Dependent::Constraints(at));
                }
            }
        }
        for formula in definition
            .constraints
            .iter()
            .filter_map(|rule| rule.formula.as_ref())
        {
            self.depend(formula, Dependent::FormConstraints);
        }
    }

    fn tell(&mut self, formula: &Formula, place: usize) {
        match formula.everything {
            true => add(&mut self.read_all, place),
            false => formula
                .reads
                .iter()
                .for_each(|source| add(&mut self.readers[*source], place)),
        }
    }

    fn depend(&mut self, formula: &Formula, dependent: Dependent) {
        match formula.everything {
            true => add(&mut self.depend_on_all, dependent),
            false => formula
                .reads
                .iter()
                .for_each(|source| add(&mut self.dependents[*source], dependent)),
        }
    }

    pub fn unit(&self, place: usize) -> Option<&Unit> {
        self.order.get(place)
    }

    pub fn enabled_at(&self, item: usize) -> usize {
        self.enabled_at[item]
    }

    pub fn calculated_at(&self, item: usize) -> Option<usize> {
        self.calculated_at[item]
    }

    /// The places that read the answers of this item.
    pub fn readers(&self, item: usize) -> impl Iterator<Item = usize> {
        self.readers[item].iter().chain(&self.read_all).copied()
    }

    pub fn dependents(&self, item: usize) -> impl Iterator<Item = Dependent> {
        self.dependents[item].iter().chain(&self.depend_on_all).copied()
    }

    /// Whether the enablement of these two items depends on each other by conditions alone.
    pub fn in_one_circle(&self, left: usize, right: usize) -> bool {
        self.circle[left].is_some() && !self.taken_back[left] && self.circle[left] == self.circle[right]
    }

    pub fn in_a_circle(&self, item: usize) -> bool {
        self.circle[item].is_some()
    }
}

/// Adds what is not there yet. What is told several times is told so in a row.
fn add<T: PartialEq>(list: &mut Vec<T>, new: T) {
    if list.last() != Some(&new) {
        list.push(new);
    }
}

/// Numbers in the order of a comparison. Sorting is large code, so it is here once; written as `replica::sorted` has it, so
/// that in the app both are one.
pub(crate) fn sort(numbers: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    numbers.sort_by(|left, right| compare(*left, *right));
}

/// The strongly connected components of "reads", each after those that it reads, its members in ascending order:
/// Tarjan's algorithm without recursion, since a chain may be as long as the form.
fn components_of(reads: &[Vec<usize>]) -> Vec<Vec<usize>> {
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
                sort(&mut component, &|left, right| left.cmp(&right));
                done.push(component);
            }
        }
    }
    done
}

#[cfg(test)]
mod tests {
    use super::components_of;

    #[test]
    fn what_is_read_comes_first_and_circles_stay_together() {
        // 0 reads 1, 1 reads 2, 3 and 4 read each other, 4 reads 0, 5 reads itself.
        let reads = vec![vec![1], vec![2], vec![], vec![4], vec![3, 0], vec![5]];
        assert_eq!(
            components_of(&reads),
            vec![vec![2], vec![1], vec![0], vec![3, 4], vec![5]]
        );
    }

    #[test]
    fn a_chain_as_long_as_the_longest_form_is_no_matter() {
        let reads: Vec<_> = (0..100_000)
            .map(|n| if n < 99_999 { vec![n + 1] } else { vec![] })
            .collect();
        assert_eq!(components_of(&reads).len(), 100_000);
    }
}
