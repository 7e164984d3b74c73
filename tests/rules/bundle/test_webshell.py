"""Behaviour of the rules for web shells."""

from rules.bundle.samples import PROSE, Case, filler, text

CASES = {
    "Clearward_Webshell_PHP_Eval_Request": Case(
        samples=(
            text("<?p§hp @ev", "al($_PO", "ST['x']); ?>"),
            text("<?p§hp EV", "AL ( ba§se64_de", "code( $_REQ", 'UEST ["x"])); ?>'),
            text("GIF89a<?p§hp ass", "ert(@$_CO", "OKIE['x']); ?>"),
            text(
                "<?p§hp ev",
                "al('?>' . ba§se64_dec",
                "ode(file_get_con",
                "tents('php://in",
                "put'))); ?>",
            ),
        ),
        near_misses=(
            text(
                "<?p§hp a§ssert($_SERVER['argc'] > 1); a§ssert(isset($_GET['x'])); ?>"
            ),
            text("<?p§hp a§ssert($_POST['count'] === intval($_POST['count'])); ?>"),
            text(
                "<?p§hp $total = eval_price($_POST['price']); ",
                "retrie§val($_GET['id']); ?>",
            ),
            text("<?p§hp ev", 'al(file_get_contents("p§hp://input")); ?>'),
            text("<?p§hp e§val('return ' . var_export($known, true) . ';'); ?>"),
            text(
                PROSE,
                "Never hand a request value such as $_POST to e§val() or assert().",
            ),
        ),
    ),
    "Clearward_Webshell_PHP_Command_Request": Case(
        samples=(
            text("<?p§hp sys", "tem($_G", "ET['c']); ?>"),
            text("<?p§hp echo she", 'll_exec("$_PO', 'ST[c] 2>&1"); ?>'),
            text("<?=`$_G", "ET[c]`?>"),
        ),
        near_misses=(
            text(
                "<?p§hp $database->e§xec($_POST['statement']); ",
                "Runner::s§ystem($_GET['a']); ?>",
            ),
            text(
                '<?p§hp $rows = query("SELECT * FROM `$_GET[table]` WHERE a = `b`"); ?>'
            ),
            text("<?p§hp s§ystem('ping -c 1 ' . e§scapeshellarg($_GET['host'])); ?>"),
            text("<?p§hp curl_exec($handle); e§xec(escapeshellcmd($_POST['c'])); ?>"),
        ),
    ),
    "Clearward_Webshell_PHP_Decoded_Eval": Case(
        samples=(
            text(
                "<?p§hp ev", "al(gzin", "flate(ba§se64_de", "code('", filler("7X1", 96)
            ),
            text(
                "<?p§hp ev", "al(str_r", "ot13(ba§se64_de", 'code("', filler("nJ5", 96)
            ),
        ),
        near_misses=(
            text(
                "<?p§hp $logo = ba§se64_decode('", filler("iVBORw0KGgo", 96), "'); ?>"
            ),
            text(
                "<?p§hp $page = gzinflate(ba§se64_decode($row['packed'])); ",
                "e§val($code); ?>",
            ),
            text(PROSE, "Packed shells are often eval, gzinflate and ba§se64_decode."),
        ),
    ),
    "Clearward_Webshell_PHP_Request_Callback": Case(
        samples=(
            text("<?p§hp $f = create_fun", "ction('', $_PO", "ST['x']); $f(); ?>"),
            text("<?p§hp array_", "map('ass", "ert', array($_REQ", "UEST['x'])); ?>"),
            text("<?p§hp $_PO", "ST['f']($_PO", "ST['x']); ?>"),
            text("<?p§hp preg_rep", "lace('/.*/e', $_G", "ET['x'], ''); ?>"),
        ),
        near_misses=(
            text("<?p§hp $module = new $_G§E§T['m§o§dule']($_GET['scope']); ?>"),
            text(
                "<?p§hp a§rray_map('trim', $_POST['names']); set('system', ",
                "$_POST['s']); ?>",
            ),
            text("<?p§hp $clean = preg_replace('/[^a-z]/i', '', $_GET['name']); ?>"),
            text("<?p§hp $add = c§reate_function('$a, $b', 'return $a + $b;'); ?>"),
            text("<?p§hp array_key_exists('exec', $_GET['options']); ?>"),
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
                '<%@ page import="j§ava.io.*" %><% String c = request.getPara',
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
            text('<script>/a+/.e§xec("<%= req§uest.getParameter("q") %>");</script>'),
            text(
                "class Tool { void run() { Runtime.g§etRuntime().e§xec(arguments); } }"
            ),
        ),
    ),
    "Clearward_Webshell_ASP_Eval_Request": Case(
        samples=(
            text("<%ev", "al requ", 'est("x")%>'),
            text("<% Response.W§rite 1 : exe", "cute(requ", 'est.form("x")) %>'),
            text(
                '<%@ Page Language="Jscript"%><%ev', "al(Requ", 'est.Item["x"],"");%>'
            ),
        ),
        near_misses=(
            text('<% Set rows = connection.E§xecute(Request("statement")) %>'),
            text('<% Server.E§xecute(Request.QueryString("page")) %>'),
            text('<% value = Request.Form("name") : retrieval request("x") %>'),
        ),
    ),
    "Clearward_Webshell_ASPX_Process_Request": Case(
        samples=(
            text(
                '<%@ Page Language="C#"%><% Process.St',
                'art("c§md.exe", "/c " + Requ',
                'est["c"]); %>',
            ),
            text(
                '<%@ WebHandler Language="C#" %> void Go() { var start = new ',
                "P§rocessStartInfo();",
                " start.File",
                'Name = "c§md.exe"; start.Argu',
                'ments = "/c " + Requ',
                'est.Form["c"]; }',
            ),
        ),
        near_misses=(
            text(
                '<%@ Page %><% Process.S§tart("report.exe"); var page = ',
                'Request["page"]; %>',
            ),
            text(
                "var start = n§ew P§rocessStartInfo(); start.Fi§leName = ",
                '"c§md.exe"; start.A§rguments = "/c " + task;',
            ),
            text(
                '<%@ Page %><% start.F§ileName = "convert.exe"; var q = ',
                'Request.Form["q"]; %>',
            ),
        ),
    ),
}
