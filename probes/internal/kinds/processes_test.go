package kinds

import "testing"

func TestOldest(t *testing.T) {
	parents := map[int]int{
		1: 0, 7: 1, 9: 7, // one, its child, its grandchild
		20: 0, 21: 20, // another's
		30: 29,         // whose parent ended while they were read
		40: 41, 41: 40, // numbers that were given anew in between
	}
	for pid, want := range map[int]int{1: 1, 7: 1, 9: 1, 20: 20, 21: 20} {
		if got, ended := oldest(pid, parents); got != want || !ended {
			t.Errorf("the oldest ancestor of %d is %d, %v; want %d", pid, got, ended, want)
		}
	}
	for _, pid := range []int{30, 40, 41, 50} {
		if got, ended := oldest(pid, parents); ended {
			t.Errorf("the oldest ancestor of %d is %d; want none", pid, got)
		}
	}
}
