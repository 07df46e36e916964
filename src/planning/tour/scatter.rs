//! Items that lie in several bins: which to take, so that the walk is shortest.
//!
//! Choosing bins and walking at once is hard in general (Weidinger 2018; Heßler and Irnich, doi:10.1287/ijoc.2023.0075). Here every bin of
//! an item gets a price, the item's, for being left out. With prices instead of items the sweep solves choice and walk at once, and whatever the
//! prices are, the result is never more than the shortest walk costs (Lagrangian relaxation). Good prices are found step by step;
//! where they leave a gap, an item is fixed to each of its bins in turn (branch and bound). Many items with many bins leave a wide
//! gap: the prices can be met by a walk past everything, taken one time in three, and by no walk at all the other times. The effort is bounded by a count and
//! not by a clock, so the same question gets the same answer everywhere; when it is used up the best walk found is given, with the
//! bound that holds, and is not called proven.

use super::circuit::Stop;
use super::effort::Effort;
use super::frontier::Kind;
use super::layout::{Bin, Corner, Point};
use super::planner::{ITEMS_MAX, Planner, TourError, Walk, ends};
use super::reach::Reach;
use super::shelf::{Offer, Parts, some};
use super::site::Site;
use super::sweep::{Frame, weights};

/// Most bins of all items together.
pub const BINS_MAX: usize = 20_000;
/// Prices are counted in this part of a millimetre.
const FINE: i64 = 16;
/// Effort: one for each sweep.
const EFFORT_MAX: usize = 20_000;
/// What is spent in the end on the bounds of the parts that were not looked at.
const LAST_LOOK_EFFORT: usize = 5_000;
/// What a search with directions counts as.
const SEARCH_EFFORT: usize = 50;
/// Sweeps to find prices at the root, and after an item was fixed.
const ROOT_ROUNDS: usize = 200;
const NODE_ROUNDS: usize = 30;
/// Rounds without a better bound after which the steps are halved.
const PATIENCE: usize = 6;

/// A bin that an item may be taken from.
#[derive(Clone, Copy, Debug)]
struct Place {
    item: usize,
    bin: Bin,
    point: Point,
    climb: i64,
}

impl Planner {
    /// A shortest walk that takes every item from one of its bins. Without several bins for an item this is
    /// [`Planner::shortest`].
    ///
    /// # Errors
    /// As [`Planner::shortest`], and if an item has no bin.
    pub fn scattered(
        &mut self,
        site: &Site,
        start: Corner,
        end: Corner,
        items: &[Vec<Bin>],
    ) -> Result<Walk, TourError> {
        let places = places(site, start, end, items)?;
        if places.len() == items.len() {
            let bins: Vec<Bin> = places.iter().map(|o| o.bin).collect();
            return self.shortest(site, start, end, &bins);
        }
        let mut choice = Choice::new(site, start, end, items.len(), places)?;
        choice.solve(self)?;
        let bins = choice.bins(&choice.best);
        let mut walk = self.shortest(site, start, end, &bins)?;
        let cost = walk.length_mm + walk.climb_mm;
        walk.least_mm = choice.least.min(cost);
        walk.proven = walk.least_mm == cost;
        Ok(walk)
    }
}

/// All bins that can be reached, item by item.
fn places(site: &Site, start: Corner, end: Corner, items: &[Vec<Bin>]) -> Result<Vec<Place>, TourError> {
    let ends = ends(site, start, end)?;
    if items.is_empty() {
        return Err(TourError::Nothing);
    }
    let count = items.iter().map(Vec::len).sum::<usize>();
    if items.len() > ITEMS_MAX || count > BINS_MAX {
        return Err(TourError::TooMany(items.len().max(count)));
    }
    let reach = (!site.plain).then(|| Reach::new(site, ends.0, ends.1));
    let mut all = Vec::with_capacity(count);
    for (item, bins) in items.iter().enumerate() {
        let before = all.len();
        for bin in bins {
            let unknown = TourError::UnknownBin { item: item + 1, bin: *bin };
            let spot = site.spot(*bin).ok_or(unknown)?;
            let stop = Stop { edge: spot.edge, offset: spot.offset, index: 0 };
            if reach.as_ref().is_none_or(|r| r.can_stop(site, &stop)) {
                all.push(Place { item, bin: *bin, point: site.point_on(spot), climb: site.climb(*bin) });
            }
        }
        match bins.last() {
            None => return Err(TourError::NoBin(item + 1)),
            Some(bin) if all.len() == before => return Err(TourError::NoWay { item: item + 1, bin: *bin }),
            Some(_) => {}
        }
    }
    Ok(all)
}

/// One part of the search: some items fixed to a bin.
struct Node {
    /// The bin of each item, by its number among all; `None` while it is open.
    fixed: Vec<Option<usize>>,
    prices: Vec<i64>,
    /// Nothing in this part costs less.
    least: i64,
}

/// The choice of bins.
struct Choice<'a> {
    site: &'a Site,
    /// The site with all lengths in parts of a millimetre.
    fine_site: Site,
    start: Corner,
    end: Corner,
    frame: Frame,
    places: Vec<Place>,
    /// The bins of each item.
    of_item: Vec<Vec<usize>>,
    /// Tries choices without disturbing the planner that holds the prices.
    probe: Planner,
    parts: Vec<Parts>,
    offers: Vec<Offer>,
    /// How many bins of an item the last sweep visits.
    visits: Vec<i64>,
    visited: Vec<bool>,
    effort: usize,
    effort_max: usize,
    best: Vec<usize>,
    best_cost: i64,
    least: i64,
    /// The least bound of the choices whose walk was not proven shortest.
    doubt: i64,
    trouble: TourError,
}

impl<'a> Choice<'a> {
    fn new(site: &'a Site, start: Corner, end: Corner, items: usize, places: Vec<Place>) -> Result<Self, TourError> {
        let mut of_item = vec![Vec::new(); items];
        for (n, o) in places.iter().enumerate() {
            of_item[o.item].push(n);
        }
        let at = ends(site, start, end)?;
        let all = Frame { start: at.0, end: at.1, cols: (0, 0), rows: (0, 0), single: false, optional: true };
        Ok(Choice {
            site,
            fine_site: site.finer(FINE),
            start,
            end,
            frame: all,
            visits: vec![0; items],
            visited: vec![false; places.len()],
            places,
            of_item,
            probe: Planner::new(),
            parts: Vec::new(),
            offers: Vec::new(),
            effort: 0,
            effort_max: EFFORT_MAX,
            best: Vec::new(),
            best_cost: i64::MAX,
            least: 0,
            doubt: i64::MAX,
            trouble: TourError::NotFound,
        })
    }

    fn bins(&self, choice: &[usize]) -> Vec<Bin> {
        choice.iter().map(|n| self.places[*n].bin).collect()
    }

    fn solve(&mut self, planner: &mut Planner) -> Result<(), TourError> {
        planner.stops.clear();
        for (index, o) in self.places.iter().enumerate() {
            let spot = self.fine_site.spot(o.bin).ok_or(TourError::NotFound)?;
            planner.stops.push(Stop { edge: spot.edge, offset: spot.offset, index });
        }
        planner.stops.sort_unstable();
        planner.group(&self.fine_site);
        self.frame =
            Frame { single: false, optional: true, ..planner.frame(self.site, (self.frame.start, self.frame.end))? };
        // Without a table each choice is only compared: there are many.
        self.probe =
            Planner::with_effort(if planner.table(&self.frame).is_some() { planner.effort } else { Effort::Brief });
        let fixed: Vec<Option<usize>> =
            self.of_item.iter().map(|all| if let [one] = all.as_slice() { Some(*one) } else { None }).collect();
        let nearest = self.completed(&fixed);
        self.try_out(nearest);
        self.improve();
        if planner.table(&self.frame).is_some() {
            self.branch(planner, fixed);
        }
        if self.best.is_empty() { Err(self.trouble.clone()) } else { Ok(()) }
    }

    /// Branch and bound, deepest part first.
    fn branch(&mut self, planner: &mut Planner, fixed: Vec<Option<usize>>) {
        let share = if self.best_cost < i64::MAX { self.best_cost } else { 0 } / (2 * fixed.len() as i64);
        let prices = vec![share * FINE; fixed.len()];
        let mut open = vec![Node { fixed, prices, least: 0 }];
        let mut rounds = ROOT_ROUNDS;
        while let Some(mut node) = open.pop() {
            if node.least >= self.best_cost {
                continue;
            }
            if self.effort >= self.effort_max {
                open.push(node);
                break;
            }
            let most_at_odds = self.bound(planner, &mut node, rounds);
            rounds = NODE_ROUNDS;
            let Some(item) = most_at_odds.filter(|_| node.least < self.best_cost) else { continue };
            let mut all = self.of_item[item].clone();
            // The last one pushed is looked at first: what the prices visit.
            all.sort_by_key(|n| (self.visited[*n], std::cmp::Reverse(self.places[*n].climb)));
            for n in all {
                let mut fixed = node.fixed.clone();
                fixed[item] = Some(n);
                open.push(Node { fixed, prices: node.prices.clone(), least: node.least });
            }
        }
        // What was not looked at holds only its parent's bound: a look at each gives a better one.
        self.effort_max += LAST_LOOK_EFFORT;
        for node in &mut open {
            if node.least < self.best_cost && self.effort < self.effort_max {
                self.bound(planner, node, NODE_ROUNDS);
            }
        }
        self.least = open.iter().map(|n| n.least).fold(self.best_cost, i64::min).min(self.doubt);
    }

    /// Raises the bound of a part by better prices, and tries the choices met on the way. Gives the item to fix next.
    fn bound(&mut self, planner: &mut Planner, node: &mut Node, rounds: usize) -> Option<usize> {
        let (mut step, mut waited, mut best_prices) = (128, 0, node.prices.clone());
        let mut odd_one = None;
        for round in 0..rounds {
            let Some(value) = self.sweep(planner, node) else {
                node.least = i64::MAX; // no walk in this part at all
                return None;
            };
            let least = value.div_euclid(FINE) + i64::from(value.rem_euclid(FINE) > 0);
            if least > node.least || round == 0 {
                node.least = node.least.max(least);
                (waited, best_prices) = (0, node.prices.clone());
                odd_one = self.at_odds(node);
            } else {
                waited += 1;
            }
            let agreed = self.at_odds(node).is_none() || round.is_multiple_of(10);
            if agreed {
                let choice = self.completed(&node.fixed);
                if self.try_out(choice) {
                    self.improve();
                }
            }
            let off: i64 = self.open_items(node).map(|i| (1 - self.visits[i]).pow(2)).sum();
            if node.least >= self.best_cost || off == 0 || self.effort >= self.effort_max {
                break;
            }
            if waited >= PATIENCE {
                // Back to the best prices known, with shorter steps: far off, short steps would not find back.
                (step, waited) = (step / 2, 0);
                node.prices.clone_from(&best_prices);
                if step == 0 {
                    break;
                }
                continue;
            }
            let gap = (self.best_cost.min(2 * node.least + 1_000) * FINE - value).max(FINE);
            for item in 0..node.prices.len() {
                if node.fixed[item].is_none() {
                    let by = gap * step / 64 * (1 - self.visits[item]) / off;
                    node.prices[item] = (node.prices[item] + by).max(0);
                }
            }
        }
        node.prices = best_prices;
        odd_one.or_else(|| self.open_items(node).next())
    }

    fn open_items<'s>(&'s self, node: &'s Node) -> impl Iterator<Item = usize> + 's {
        (0..node.fixed.len()).filter(|i| node.fixed[*i].is_none())
    }

    /// The dearest item that the prices visit not once.
    fn at_odds(&self, node: &Node) -> Option<usize> {
        let odd = self.open_items(node).filter(|i| self.visits[*i] != 1);
        odd.max_by_key(|i| (node.prices[*i] * (self.visits[*i] - 1).abs(), self.of_item.len() - i))
    }

    /// The least cost with prices instead of items, in parts of a millimetre; notes which bins it visits.
    fn sweep(&mut self, planner: &mut Planner, node: &Node) -> Option<i64> {
        self.effort += 1;
        self.parts.clear();
        let mut base: i64 = 0;
        for (item, fixed) in node.fixed.iter().enumerate() {
            base += fixed.map_or(node.prices[item], |n| self.places[n].climb * FINE);
        }
        for shelf in &mut planner.shelves {
            self.offers.clear();
            for stop in &planner.stops[shelf.first..shelf.first + shelf.count] {
                let o = &self.places[stop.index];
                let fine = match node.fixed[o.item] {
                    Some(n) if n == stop.index => None,
                    Some(_) => Some(0),
                    None => Some((node.prices[o.item] - o.climb * FINE).max(0)),
                };
                base -= fine.unwrap_or(0);
                self.offers.push(Offer { offset: stop.offset, fine });
            }
            let (costs, parts) = some(&self.fine_site.edges[shelf.edge], &self.offers);
            shelf.weights = weights(&costs);
            self.parts.push(parts);
        }
        let length = planner.swept(&self.fine_site, &self.frame).ok()?;
        self.note_visits(planner, node);
        Some(base + length)
    }

    fn note_visits(&mut self, planner: &Planner, node: &Node) {
        self.visits.fill(0);
        self.visited.fill(false);
        for (edge, kind) in planner.chosen() {
            let Some(slot) = (planner.slots[*edge] as usize).checked_sub(1) else { continue };
            let (shelf, parts) = (&planner.shelves[slot], self.parts[slot]);
            for n in 0..shelf.count {
                let passed = match kind {
                    Kind::Skip => false,
                    Kind::Once | Kind::Twice => true,
                    Kind::Low => n < parts.low,
                    Kind::High => n >= parts.high,
                    Kind::Gap => n < parts.gap.0 || n >= parts.gap.1,
                };
                let index = planner.stops[shelf.first + n].index;
                let o = &self.places[index];
                let worth = match node.fixed[o.item] {
                    Some(fixed) => fixed == index,
                    None => node.prices[o.item] > o.climb * FINE,
                };
                if passed && worth {
                    self.visited[index] = true;
                    self.visits[o.item] += 1;
                }
            }
        }
    }

    /// A bin for every item: the fixed one, else the easiest of those visited, else the one nearest to what is chosen.
    fn completed(&self, fixed: &[Option<usize>]) -> Vec<usize> {
        let easiest = |item: usize| {
            let visited = self.of_item[item].iter().copied().filter(|n| self.visited[*n]);
            visited.min_by_key(|n| self.places[*n].climb)
        };
        let mut choice: Vec<Option<usize>> = fixed.iter().enumerate().map(|(i, f)| f.or_else(|| easiest(i))).collect();
        let home = self.site.point(self.frame.start);
        for item in 0..choice.len() {
            if choice[item].is_none() {
                let near = |n: &usize| {
                    let o = &self.places[*n];
                    let chosen = choice.iter().flatten().map(|c| self.places[*c].point).chain([home]);
                    let way = chosen.map(|p| (p.x_mm - o.point.x_mm).abs() + (p.y_mm - o.point.y_mm).abs()).min();
                    (way.unwrap_or(0) + o.climb, *n)
                };
                choice[item] = self.of_item[item].iter().copied().min_by_key(near);
            }
        }
        choice.into_iter().flatten().collect()
    }

    /// What a choice really costs; keeps it if none was better.
    fn try_out(&mut self, choice: Vec<usize>) -> bool {
        let listed = self.probe.table(&self.frame).is_some();
        let directed = self.site.one_way || !listed;
        self.effort += if directed { SEARCH_EFFORT } else { 1 };
        let bins = self.bins(&choice);
        let climb: i64 = choice.iter().map(|n| self.places[*n].climb).sum();
        let length = if directed {
            self.probe.shortest(self.site, self.start, self.end, &bins).map(|walk| {
                if !walk.proven {
                    self.doubt = self.doubt.min(walk.least_mm);
                }
                walk.length_mm
            })
        } else {
            self.probe.length_mm(self.site, self.start, self.end, &bins)
        };
        match length {
            Ok(length) if length + climb < self.best_cost => {
                (self.best, self.best_cost) = (choice, length + climb);
                true
            }
            Ok(_) => false,
            Err(e) => {
                self.trouble = e;
                false
            }
        }
    }

    /// Takes items from another bin for as long as that makes the walk shorter.
    fn improve(&mut self) {
        let mut better = true;
        while std::mem::take(&mut better) {
            for item in 0..self.best.len() {
                for n in 0..self.of_item[item].len() {
                    let other = self.of_item[item][n];
                    if self.best[item] != other && self.effort < self.effort_max / 2 {
                        let mut choice = self.best.clone();
                        choice[item] = other;
                        better |= self.try_out(choice);
                    }
                }
            }
        }
    }
}
