"""Behaviour of the rules for web shells."""

from rules.bundle.samples import PROSE, Case, filler, text

CASES = {
    "Clearward_Webshell_PHP_Eval_Request": Case(
        samples=(
            text("<?php @ev", "al($_PO", "ST['x']); ?>"),
            text("<?php EV", "AL ( base64_de", "code( $_REQ", 'UEST ["x"])); ?>'),
            text("GIF89a<?php ass", "ert(@$_CO", "OKIE['x']); ?>"),
            text(
                "<?php ev",
                "al('?>' . base64_dec",
                "ode(file_get_con",
                "tents('php://in",
                "put'))); ?>",
            ),
        ),
        near_misses=(
            text("<?php assert($_SERVER['argc'] > 1); assert(isset($_GET['x'])); ?>"),
            text("<?php assert($_POST['count'] === intval($_POST['count'])); ?>"),
            text(
                "<?php $total = eval_price($_POST['price']); retrieval($_GET['id']); ?>"
            ),
            text("<?php ev", 'al(file_get_contents("php://input")); ?>'),
            text("<?php eval('return ' . var_export($known, true) . ';'); ?>"),
            text(
                PROSE,
                "Never hand a request value such as $_POST to eval() or assert().",
            ),
        ),
    ),
    "Clearward_Webshell_PHP_Command_Request": Case(
        samples=(
            text("<?php sys", "tem($_G", "ET['c']); ?>"),
            text("<?php echo she", 'll_exec("$_PO', 'ST[c] 2>&1"); ?>'),
            text("<?=`$_G", "ET[c]`?>"),
        ),
        near_misses=(
            text(
                "<?php $database->exec($_POST['statement']); ",
                "Runner::system($_GET['a']); ?>",
            ),
            text(
                '<?php $rows = query("SELECT * FROM `$_GET[table]` WHERE a = `b`"); ?>'
            ),
            text("<?php system('ping -c 1 ' . escapeshellarg($_GET['host'])); ?>"),
            text("<?php curl_exec($handle); exec(escapeshellcmd($_POST['c'])); ?>"),
        ),
    ),
    "Clearward_Webshell_PHP_Decoded_Eval": Case(
        samples=(
            text("<?php ev", "al(gzin", "flate(base64_de", "code('", filler("7X1", 96)),
            text("<?php ev", "al(str_r", "ot13(base64_de", 'code("', filler("nJ5", 96)),
        ),
        near_misses=(
            text("<?php $logo = base64_decode('", filler("iVBORw0KGgo", 96), "'); ?>"),
            text(
                "<?php $page = gzinflate(base64_decode($row['packed'])); ",
                "eval($code); ?>",
            ),
            text(PROSE, "Packed shells are often eval, gzinflate and base64_decode."),
        ),
    ),
    "Clearward_Webshell_PHP_Request_Callback": Case(
        samples=(
            text("<?php $f = create_fun", "ction('', $_PO", "ST['x']); $f(); ?>"),
            text("<?php array_", "map('ass", "ert', array($_REQ", "UEST['x'])); ?>"),
            text("<?php $_PO", "ST['f']($_PO", "ST['x']); ?>"),
            text("<?php preg_rep", "lace('/.*/e', $_G", "ET['x'], ''); ?>"),
        ),
        near_misses=(
            text("<?php $module = new $_GET['module']($_GET['scope']); ?>"),
            text(
                "<?php array_map('trim', $_POST['names']); set('system', ",
                "$_POST['s']); ?>",
            ),
            text("<?php $clean = preg_replace('/[^a-z]/i', '', $_GET['name']); ?>"),
            text("<?php $add = create_function('$a, $b', 'return $a + $b;'); ?>"),
            text("<?php array_key_exists('exec', $_GET['options']); ?>"),
        ),
    ),
    "Clearward_Webshell_JSP_Runtime_Request": Case(
        samples=(
            text(
                "<% Runtime.getRun",
                "time().ex",
                "ec(request.getPara",
                'meter("c")); %>',
            ),
            text(
                '<%@ page import="java.io.*" %><% String c = request.getPara',
                'meter("c"); if (c != null) { Process p = Runtime.getRun',
                "time().ex",
                "ec(c); } %>",
            ),
        ),
        near_misses=(
            text(
                '<%@ page %><% String name = req§uest.getParameter("name"); ',
                "%><%= name %>",
            ),
            text('<script>/a+/.exec("<%= req§uest.getParameter("q") %>");</script>'),
            text("class Tool { void run() { Runtime.getRuntime().exec(arguments); } }"),
        ),
    ),
    "Clearward_Webshell_ASP_Eval_Request": Case(
        samples=(
            text("<%ev", "al requ", 'est("x")%>'),
            text("<% Response.Write 1 : exe", "cute(requ", 'est.form("x")) %>'),
            text(
                '<%@ Page Language="Jscript"%><%ev', "al(Requ", 'est.Item["x"],"");%>'
            ),
        ),
        near_misses=(
            text('<% Set rows = connection.Execute(Request("statement")) %>'),
            text('<% Server.Execute(Request.QueryString("page")) %>'),
            text('<% value = Request.Form("name") : retrieval request("x") %>'),
        ),
    ),
    "Clearward_Webshell_ASPX_Process_Request": Case(
        samples=(
            text(
                '<%@ Page Language="C#"%><% Process.St',
                'art("cmd.exe", "/c " + Requ',
                'est["c"]); %>',
            ),
            text(
                '<%@ WebHandler Language="C#" %> void Go() { var start = new ',
                "ProcessStartInfo();",
                " start.File",
                'Name = "cmd.exe"; start.Argu',
                'ments = "/c " + Requ',
                'est.Form["c"]; }',
            ),
        ),
        near_misses=(
            text(
                '<%@ Page %><% Process.Start("report.exe"); var page = ',
                'Request["page"]; %>',
            ),
            text(
                "var start = new ProcessStartInfo(); start.Fi§leName = ",
                '"cmd.exe"; start.Arguments = "/c " + task;',
            ),
            text(
                '<%@ Page %><% start.FileName = "convert.exe"; var q = ',
                'Request.Form["q"]; %>',
            ),
        ),
    ),
}
