package kinds

import (
	"errors"
	"reflect"
	"testing"
	"time"
)

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

// What was there before the container is told at once; what came later, if it stays.
func TestLookUntilGone(t *testing.T) {
	later, before := other{"runc:[2:INIT]", true}, other{"systemd", false}
	soon, long := time.Now().Add(-time.Second), time.Now().Add(time.Hour)
	for name, test := range map[string]struct {
		sights []map[int]other
		end    time.Time
		looks  int
		want   []foreignProcess
	}{
		"nobody":                      {[]map[int]other{{}}, long, 1, []foreignProcess{}},
		"one who is gone":             {[]map[int]other{{9: later}, {}}, soon, 2, []foreignProcess{}},
		"one who is gone after long":  {[]map[int]other{{9: later}, {9: later}, {9: later}, {}}, long, 4, []foreignProcess{}},
		"one after the other":         {[]map[int]other{{9: later}, {10: later}}, long, 2, []foreignProcess{}},
		"one who stays for too long":  {[]map[int]other{{9: later}, {9: later}}, soon, 2, []foreignProcess{{9, "runc:[2:INIT]"}}},
		"one who was there before":    {[]map[int]other{{1: before}, {1: before}}, long, 2, []foreignProcess{{1, "systemd"}}},
		"both":                        {[]map[int]other{{1: before, 9: later}, {1: before, 9: later}}, long, 2, []foreignProcess{{1, "systemd"}, {9, "runc:[2:INIT]"}}},
		"one who was missed at first": {[]map[int]other{{9: later}, {1: before}}, long, 2, []foreignProcess{{1, "systemd"}}},
	} {
		looks := 0
		value, err := lookUntilGone(func() (sight, error) {
			looks++
			return sight{own: 2, others: test.sights[looks-1]}, nil
		}, 0, test.end)
		if err != nil || value.Own != 2 || value.Others != len(test.want) || !reflect.DeepEqual(value.Foreign, test.want) || looks != test.looks {
			t.Errorf("%s: %+v, %v after %d looks", name, value, err, looks)
		}
	}
	failing := errors.New("no /proc")
	for _, first := range []map[int]other{nil, {9: later}} {
		_, err := lookUntilGone(func() (sight, error) {
			if first == nil {
				return sight{}, failing
			}
			there := first
			first = nil
			return sight{others: there}, nil
		}, 0, long)
		if err != failing {
			t.Errorf("got %v", err)
		}
	}
}
