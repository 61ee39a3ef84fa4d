package kinds

import (
	"golang.org/x/sys/unix"

	"cofferdam/probes/internal/observe"
)

const (
	maxKernelLog = 8 << 20
	// maxRecord is the longest record that /dev/kmsg gives (kernel/printk/printk.c, PRINTK_MESSAGE_MAX).
	maxRecord  = 8192
	maxRecords = 200_000
)

// syslog(2)'s actions.
const (
	syslogReadAll    = 3
	syslogSizeBuffer = 10
)

// searchKernelLog reads the kernel's log by both of its doors; each has a guard of its own.
func searchKernelLog(h *hunt) {
	data, err := kernelLog(maxKernelLog)
	if h.see("syslog", data, err) {
		return
	}
	data, err = kernelMessages()
	h.see("/dev/kmsg", data, err)
}

// kernelLog reads the last bytes of the log with syslog(2), which takes nothing away from other readers (READ_ALL).
func kernelLog(max int) ([]byte, error) {
	size, err := unix.Klogctl(syslogSizeBuffer, nil)
	if err != nil {
		// gVisor has no size, but a log.
		size = 256 << 10
	}
	buffer := make([]byte, min(max, size+4096))
	n, err := unix.Klogctl(syslogReadAll, buffer)
	if err != nil {
		return nil, observe.Refused("syslog", err)
	}
	return buffer[:n], nil
}

// kernelMessages reads what /dev/kmsg has now: each read gives a record, EPIPE says that some were overwritten meanwhile,
// EAGAIN is the end.
func kernelMessages() ([]byte, error) {
	fd, err := openFile("/dev/kmsg", unix.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var log []byte
	record := make([]byte, maxRecord)
	for range maxRecords {
		n, err := unix.Read(fd, record)
		switch {
		case err == unix.EINTR, err == unix.EPIPE:
			continue
		case err == unix.EAGAIN, err == nil && n == 0, len(log) > maxKernelLog:
			return log, nil
		case err != nil && len(log) == 0:
			return nil, observe.Refused("read", err)
		case err != nil:
			return log, nil
		}
		log = append(log, record[:n]...)
	}
	return log, nil
}
