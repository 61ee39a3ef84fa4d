package kinds

import "runtime"

// onThread does something on a thread of its own, and waits for it. What it may change of its thread stays with no other
// attempt: a thread whose goroutine ends while locked is thrown away.
func onThread[T any](do func() (T, error)) (T, error) {
	type answer struct {
		value T
		err   error
	}
	done := make(chan answer, 1)
	go func() {
		runtime.LockOSThread()
		value, err := do()
		done <- answer{value, err}
	}()
	got := <-done
	return got.value, got.err
}
