//! Which corners a walk can come to and still get to its end, where ways are blocked or have a direction.

use super::circuit::Stop;
use super::layout::{Bin, Way};
use super::site::Site;

/// For every corner whether the start leads there, and whether the end can be reached from there.
pub(super) struct Reach {
    /// From each corner: to which one, and whether it may be walked there, and back from there.
    links: Vec<Vec<(usize, bool, bool)>>,
    from_start: Vec<bool>,
    to_end: Vec<bool>,
    rows: usize,
    end: usize,
}

impl Reach {
    pub(super) fn new(site: &Site, start: (usize, usize), end: (usize, usize)) -> Reach {
        let number = |(col, row): (usize, usize)| col * site.rows + row;
        let mut links: Vec<Vec<(usize, bool, bool)>> = vec![Vec::new(); site.cols * site.rows];
        for (n, edge) in site.edges.iter().enumerate().filter(|(_, e)| e.closed.is_none()) {
            let (onward, back) = match edge.way {
                Way::Both => (true, true),
                Way::Onward => (true, false),
                Way::Back => (false, true),
                Way::Blocked => continue,
            };
            let [low, high] = site.ends(n).map(number);
            links[low].push((high, onward, back));
            links[high].push((low, back, onward));
        }
        let (start, end) = (number(start), number(end));
        let (from_start, to_end) = (spread(&links, start, false), spread(&links, end, true));
        Reach { links, from_start, to_end, rows: site.rows, end }
    }

    /// Whether there is a walk from start to end at all.
    pub(super) fn has_end(&self) -> bool {
        self.from_start[self.end]
    }

    /// Whether a walk can stop here and go on to its end.
    pub(super) fn can_stop(&self, site: &Site, stop: &Stop) -> bool {
        self.doors(site, stop).is_some()
    }

    /// The corner a walk comes from to a stop, and the one it goes on to.
    fn doors(&self, site: &Site, stop: &Stop) -> Option<(usize, usize)> {
        let edge = &site.edges[stop.edge];
        let [low, high] = site.ends(stop.edge).map(|(col, row)| col * self.rows + row);
        let (before, after) = edge.closed.unwrap_or((i64::MAX, i64::MIN));
        let whole = edge.closed.is_none();
        let doors = match edge.way {
            Way::Both => {
                [(stop.offset <= before).then_some((low, low)), (stop.offset >= after).then_some((high, high))]
            }
            Way::Onward => [whole.then_some((low, high)), None],
            Way::Back => [whole.then_some((high, low)), None],
            Way::Blocked => [None, None],
        };
        doors.into_iter().flatten().find(|(into, out)| self.from_start[*into] && self.to_end[*out])
    }

    /// Cells, as aisle and cell from 0, that no walk from start to end can stop at.
    pub(super) fn cut_off(&self, site: &Site) -> Vec<(u16, u16)> {
        let layout = site.layout();
        let shut = |aisle: u16, cell: u16| {
            let spot = site.spot(Bin { aisle, cell, level: 1 })?;
            let stop = Stop { edge: spot.edge, offset: spot.offset, index: 0 };
            (!self.can_stop(site, &stop)).then_some((aisle, cell))
        };
        let cells = || (0_u16..).zip(&layout.cells_mm).map(|(cell, _)| cell);
        (0_u16..).zip(&layout.aisles).flat_map(|(aisle, _)| cells().filter_map(move |cell| shut(aisle, cell))).collect()
    }

    /// Two stops, by their index, of which neither can be reached from the other: no single walk has both. There are none where a
    /// walk ends where it begins.
    ///
    /// Corners that lead to each other are one piece. One walk has all stops if each piece with stops leads to the next one.
    pub(super) fn apart(&self, site: &Site, stops: &[Stop]) -> Option<(usize, usize)> {
        let mut places: Vec<((usize, usize), usize)> =
            stops.iter().filter_map(|s| Some((self.doors(site, s)?, s.index))).collect();
        places.sort_unstable();
        places.dedup_by_key(|p| p.0);
        // Where one may go from each corner, and through each pair of doors.
        let corners = self.links.len();
        let open = |links: &Vec<(usize, bool, bool)>| links.iter().filter(|l| l.1).map(|l| l.0).collect();
        let mut ahead: Vec<Vec<usize>> = self.links.iter().map(open).collect();
        for (n, ((into, out), _)) in places.iter().enumerate() {
            ahead[*into].push(corners + n);
            ahead.push(vec![*out]);
        }
        let pieces = pieces(&ahead);
        // The last piece with stops that leads to each place, by its number in their row from 1 on.
        let (mut led, mut row) = (vec![0; ahead.len()], 0);
        let mut last: Option<usize> = None;
        for piece in pieces.iter().rev() {
            let mut here = piece.iter().map(|at| led[*at]).max().unwrap_or(0);
            let mut own = piece.iter().filter(|at| **at >= corners).map(|at| places[at - corners].1);
            if let Some(stop) = own.next() {
                if let Some(before) = last.filter(|_| here != row) {
                    return Some((before, stop));
                }
                row += 1;
                here = row;
                last = Some(stop);
            }
            for to in piece.iter().flat_map(|at| &ahead[*at]) {
                led[*to] = led[*to].max(here);
            }
        }
        None
    }
}

/// Places that lead to each other, together; each piece before those that lead to it (Tarjan 1972).
fn pieces(ahead: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let (mut number, mut low) = (vec![UNSEEN; ahead.len()], vec![0; ahead.len()]);
    let (mut done, mut path, mut pieces) = (vec![false; ahead.len()], Vec::new(), Vec::new());
    let mut next = 0;
    for begin in 0..ahead.len() {
        // What is being looked at, with how many of its ways were.
        let mut open: Vec<(usize, usize)> = if number[begin] == UNSEEN { vec![(begin, 0)] } else { Vec::new() };
        while let Some((at, way)) = open.pop() {
            if way == 0 {
                (number[at], low[at]) = (next, next);
                next += 1;
                path.push(at);
            } else {
                let before = ahead[at][way - 1];
                if !done[before] {
                    low[at] = low[at].min(low[before]);
                }
            }
            match ahead[at].get(way) {
                Some(to) => {
                    open.push((at, way + 1));
                    if number[*to] == UNSEEN {
                        open.push((*to, 0));
                    }
                }
                None if low[at] == number[at] => {
                    let first = path.iter().rposition(|p| *p == at).unwrap_or(0);
                    let piece = path.split_off(first);
                    piece.iter().for_each(|p| done[*p] = true);
                    pieces.push(piece);
                }
                None => {}
            }
        }
    }
    pieces
}

/// All corners that can be reached from one, or from which it can be reached.
fn spread(links: &[Vec<(usize, bool, bool)>], begin: usize, backwards: bool) -> Vec<bool> {
    let mut seen = vec![false; links.len()];
    let mut open = vec![begin];
    while let Some(at) = open.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            let ways = links[at].iter().filter(|(_, out, into)| if backwards { *into } else { *out });
            open.extend(ways.map(|(to, ..)| *to));
        }
    }
    seen
}
