package witness

import "testing"

func TestAKernelThatIsProfiledIsToldByItsFlags(t *testing.T) {
	for _, one := range []struct {
		argv []string
		want bool
	}{
		{[]string{"runsc-sandbox", "--root=/run", "--profile=true", "boot"}, true},
		{[]string{"/usr/local/bin/runsc-sandbox", "--profile=true"}, true},
		{[]string{"runsc-sandbox", "--profile=false", "--profile-block=", "boot"}, false},
		{[]string{"runsc-gofer", "--profile=true"}, false},
		{[]string{"sh", "runsc-sandbox", "--profile=true"}, false},
		{nil, false},
	} {
		if got := profiled(one.argv); got != one.want {
			t.Errorf("%q: got %v", one.argv, got)
		}
	}
}
